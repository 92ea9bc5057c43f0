#include "normlab/lab/metric.h"

namespace normlab {
namespace {

struct Properties {
  std::string_view name;
  bool larger_is_better;
  bool is_outcome;
};

/// In the order of the enumeration.
constexpr std::array<Properties, kMetricCount> kProperties = {{
    {"train_loss", false, true},
    {"train_accuracy", true, true},
    {"validation_loss", false, true},
    {"validation_accuracy", true, true},
    {"test_loss", false, true},
    {"test_accuracy", true, true},
    {"best_validation_accuracy", true, true},
    {"best_epoch", false, false},
    {"steps_to_accuracy", false, true},
    {"step_seconds", false, false},
    {"examples_per_second", true, false},
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

}  // namespace normlab
