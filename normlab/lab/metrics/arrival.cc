#include "normlab/lab/metric_description.h"
#include "normlab/lab/metric_value.h"

namespace normlab {
namespace {

/// Steps at the end of an epoch, of as many as the settings let the trial run.
Domain domain_of_steps(const TrialResult& result) {
  Domain domain{{1, Domain::kMost}};
  if (result.record.epochs.empty()) return domain;
  const TrialSettings& settings = result.trial.settings;
  const std::int64_t epoch = result.record.epochs[0].steps;
  const std::int64_t steps = settings.steps > 0 ? settings.steps : settings.epochs * epoch;
  domain.range.high = static_cast<double>(steps);
  domain.resolution = static_cast<double>(epoch);
  return domain;
}

}  // namespace

/// Steps at the end of the first epoch at or above the threshold; censored data.
std::vector<MetricDescription> arrival_metrics() {
  return {{.name = "steps_to_accuracy",
           .noun = "steps to accuracy",
           .label = "steps to accuracy",
           .in_tables = true,
           .display = {.decimals = 0},
           .range = {1, Domain::kMost},
           .arrival = arrival,
           .domain = domain_of_steps}};
}

}  // namespace normlab
