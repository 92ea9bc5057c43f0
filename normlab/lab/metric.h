#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "normlab/lab/interval.h"

namespace normlab {

/// What is measured of a trial. Losses in nats, accuracies as fractions; train, validation and test
/// values are those of the last epoch.
enum class Metric {
  train_loss,
  train_accuracy,
  validation_loss,
  validation_accuracy,
  test_loss,
  test_accuracy,
  best_validation_accuracy,
  best_epoch,           ///< the first epoch that reached best_validation_accuracy, from 1
  steps_to_accuracy,    ///< steps at the end of the first epoch at or above the threshold; censored
                        ///< data
  step_seconds,         ///< wall time of a training step: the median of the trial's steps, the
                        ///< first ones left out; their mean in records without it
  examples_per_second,  ///< training examples, by step_seconds
};

inline constexpr std::size_t kMetricCount = 11;

/// Every metric, in the order of the enumeration.
inline constexpr std::array<Metric, kMetricCount> kMetrics = {
    Metric::train_loss,
    Metric::train_accuracy,
    Metric::validation_loss,
    Metric::validation_accuracy,
    Metric::test_loss,
    Metric::test_accuracy,
    Metric::best_validation_accuracy,
    Metric::best_epoch,
    Metric::steps_to_accuracy,
    Metric::step_seconds,
    Metric::examples_per_second,
};

/// The metric's name in JSON, "train_loss".
std::string_view name(Metric metric);

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
