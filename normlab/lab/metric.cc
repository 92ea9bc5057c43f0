#include "normlab/lab/metric.h"

namespace normlab {
namespace {

struct Properties {
  std::string_view name;
  bool larger_is_better;
  bool is_outcome;
  Interval range;
};

constexpr Interval kFraction = {0, 1};
constexpr Interval kNotNegative = {0, Domain::kMost};
constexpr Interval kFromOne = {1, Domain::kMost};

/// In the order of the enumeration.
constexpr std::array<Properties, kMetricCount> kProperties = {{
    {"train_loss", false, true, kNotNegative},
    {"train_accuracy", true, true, kFraction},
    {"validation_loss", false, true, kNotNegative},
    {"validation_accuracy", true, true, kFraction},
    {"test_loss", false, true, kNotNegative},
    {"test_accuracy", true, true, kFraction},
    {"best_validation_accuracy", true, true, kFraction},
    {"best_epoch", false, false, kFromOne},
    {"steps_to_accuracy", false, true, kFromOne},
    {"step_seconds", false, false, kNotNegative},
    {"examples_per_second", true, false, kNotNegative},
}};

const Properties& properties(Metric metric) {
  return kProperties[static_cast<std::size_t>(metric)];
}

}  // namespace

std::string_view name(Metric metric) {
  return properties(metric).name;
}
bool larger_is_better(Metric metric) {
  return properties(metric).larger_is_better;
}
bool is_outcome(Metric metric) {
  return properties(metric).is_outcome;
}
Interval possible_range(Metric metric) {
  return properties(metric).range;
}

}  // namespace normlab
