#include <algorithm>

#include "normlab/lab/metric_description.h"

namespace normlab {
namespace {

/// Training examples in the first `steps` batches of the trial.
std::int64_t examples_trained(const TrialSettings& settings, const TrialRecord& record) {
  const std::int64_t batch = settings.batch;
  const std::int64_t whole = record.train_examples / batch;
  const std::int64_t rest = record.train_examples % batch;
  const bool short_batch = rest > 0 && (settings.tail == Tail::keep || settings.tail == Tail::wrap);
  const std::int64_t steps = std::max<std::int64_t>(1, whole + (short_batch ? 1 : 0));
  const std::int64_t examples = settings.tail == Tail::drop   ? whole * batch
                                : settings.tail == Tail::wrap ? steps * batch
                                                              : record.train_examples;
  return record.steps / steps * examples + record.steps % steps * batch;
}

std::optional<double> per(double amount, double count) {
  if (!(amount > 0 && count > 0)) return std::nullopt;
  return amount / count;
}

std::optional<double> step_seconds(const TrialResult& result) {
  const TrialRecord& record = result.record;
  if (record.step_seconds) return record.step_seconds;
  return per(record.train_seconds, static_cast<double>(record.steps));
}

std::optional<double> examples_per_second(const TrialResult& result) {
  const auto seconds = step_seconds(result);
  if (!seconds) return std::nullopt;
  return per(static_cast<double>(examples_trained(result.trial.settings, result.record)),
             *seconds * static_cast<double>(result.record.steps));
}

}  // namespace

/// Wall time of a training step: the median of the trial's steps, the first ones left out; their
/// mean in records without it. And training examples per second, by that.
std::vector<MetricDescription> speed_metrics() {
  return {{.name = "step_seconds",
           .noun = "time per step",
           .label = "µs per step",
           .in_tables = true,
           .display = {1e6, " µs", " µs", 1},
           .role = MetricRole::time,
           .value = step_seconds},
          {.name = "examples_per_second",
           .noun = "examples per second",
           .label = "examples per second",
           .display = {.decimals = 1},
           .larger_is_better = true,
           .role = MetricRole::time,
           .value = examples_per_second}};
}

}  // namespace normlab
