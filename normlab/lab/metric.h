#pragma once

#include <compare>
#include <span>
#include <string_view>

#include "normlab/base/interval.h"

namespace normlab {

/// One of the numbers that are measured of a trial, by its name in JSON: a handle to what is known
/// of it (lab/metric_description.h). The set is open: each metric is described in one file of
/// lab/metrics/, with a line in lab/metric_registry.cc. Those that the program itself speaks of
/// have a constant here.
class Metric {
 public:
  static const Metric train_loss;
  static const Metric train_accuracy;
  static const Metric validation_loss;
  static const Metric validation_accuracy;
  static const Metric test_loss;
  static const Metric test_accuracy;
  static const Metric best_validation_accuracy;
  static const Metric steps_to_accuracy;
  static const Metric step_seconds;

  auto operator<=>(const Metric&) const = default;
  friend constexpr std::string_view name(Metric metric) { return metric.name_; }

 private:
  friend Metric metric_named(std::string_view name);
  friend std::span<const Metric> all_metrics();
  /// `name` outlives the program's use of it.
  explicit constexpr Metric(std::string_view name) : name_(name) {}

  std::string_view name_;
};

/// "train_loss".
constexpr std::string_view name(Metric metric);

inline constexpr Metric Metric::train_loss{"train_loss"};
inline constexpr Metric Metric::train_accuracy{"train_accuracy"};
inline constexpr Metric Metric::validation_loss{"validation_loss"};
inline constexpr Metric Metric::validation_accuracy{"validation_accuracy"};
inline constexpr Metric Metric::test_loss{"test_loss"};
inline constexpr Metric Metric::test_accuracy{"test_accuracy"};
inline constexpr Metric Metric::best_validation_accuracy{"best_validation_accuracy"};
inline constexpr Metric Metric::steps_to_accuracy{"steps_to_accuracy"};
inline constexpr Metric Metric::step_seconds{"step_seconds"};

/// Every metric, in the order in which they are shown.
std::span<const Metric> all_metrics();

/// The metric of that name. Throws RequestError for an unknown one, naming the nearest.
Metric metric_named(std::string_view name);

/// Whether a larger value is the better one.
bool larger_is_better(Metric metric);

/// Whether the metric says what training reached, so that a study may be decided by it. The others
/// describe: when the best epoch came, how fast the machine was.
bool is_outcome(Metric metric);

/// What the metric can be in any trial: losses, times and rates are not negative, accuracies are at
/// most 1, epochs and steps count from 1. What its trials' lengths and data add to that:
/// domain_of() (lab/metric_value.h).
Interval possible_range(Metric metric);

/// Whether it is a time, which is also the machine's doing. Trials run one after the other, so a
/// difference between two of them describes and decides nothing.
bool is_time(Metric metric);

/// A metric that a study may be decided by: metric_named(), and is_outcome(). Throws RequestError
/// that lists those there are.
Metric primary_named(std::string_view name);

}  // namespace normlab
