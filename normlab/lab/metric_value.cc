#include "normlab/lab/metric_value.h"

#include <cmath>
#include <limits>

#include "normlab/lab/metric_description.h"

namespace normlab {
namespace {

Domain domain_in(const TrialResult& result, const MetricDescription& description) {
  return description.domain ? description.domain(result) : Domain{description.range};
}

}  // namespace

Domain domain_of(std::span<const TrialResult* const> results, Metric metric) {
  const MetricDescription& description = describe(metric);
  std::optional<Domain> domain;
  for (const TrialResult* result : results) {
    if (result->record.status == TrialStatus::failed) continue;
    const Domain one = domain_in(*result, description);
    domain = domain ? either(*domain, one) : one;
  }
  return domain.value_or(Domain{description.range});
}

std::optional<Duration> arrival(const TrialRecord& record, double threshold) {
  if (record.status == TrialStatus::failed) return std::nullopt;
  for (const EpochRecord& epoch : record.epochs) {
    if (value_of(epoch.validation, "accuracy") >= threshold) {
      return Duration{static_cast<double>(epoch.steps), true};
    }
  }
  if (record.status == TrialStatus::diverged) {
    return Duration{std::numeric_limits<double>::infinity(), false};
  }
  return Duration{static_cast<double>(record.steps), false};
}

std::optional<double> measured_value(const TrialResult& result, Metric metric,
                                     std::optional<double> threshold) {
  const MetricDescription& description = describe(metric);
  if (description.arrival != nullptr) {
    if (!threshold) return std::nullopt;
    const std::optional<Duration> duration = description.arrival(result.record, *threshold);
    return duration && duration->arrived ? std::optional(duration->time) : std::nullopt;
  }
  if (result.record.status != TrialStatus::done) return std::nullopt;
  return description.value(result);
}

std::optional<double> metric_value(const TrialResult& result, Metric metric,
                                   std::optional<double> threshold) {
  const std::optional<double> value = measured_value(result, metric, threshold);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

bool has_mean_step_time(const TrialRecord& record) {
  return record.status == TrialStatus::done && record.steps > 0 && !record.step_seconds;
}

}  // namespace normlab
