#include "normlab/lab/metric_value.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

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

const EpochRecord& best_epoch(const TrialRecord& record) {
  return *std::ranges::max_element(
      record.epochs, {}, [](const EpochRecord& epoch) { return epoch.validation.accuracy; });
}

std::optional<double> per(double amount, double count) {
  if (!(amount > 0 && count > 0)) return std::nullopt;
  return amount / count;
}

std::optional<double> step_seconds(const TrialRecord& record) {
  if (record.step_seconds) return record.step_seconds;
  return per(record.train_seconds, static_cast<double>(record.steps));
}

std::optional<double> examples_per_second(const TrialResult& result) {
  const auto seconds = step_seconds(result.record);
  if (!seconds) return std::nullopt;
  return per(static_cast<double>(examples_trained(result.trial.settings, result.record)),
             *seconds * static_cast<double>(result.record.steps));
}

std::optional<double> last_epoch_value(const TrialRecord& record, Metric metric) {
  if (record.epochs.empty()) return std::nullopt;
  const EpochRecord& last = record.epochs.back();
  switch (metric) {
    case Metric::train_loss:
      return last.train.loss;
    case Metric::train_accuracy:
      return last.train.accuracy;
    case Metric::validation_loss:
      return last.validation.loss;
    case Metric::validation_accuracy:
      return last.validation.accuracy;
    case Metric::best_validation_accuracy:
      return best_epoch(record).validation.accuracy;
    case Metric::best_epoch:
      return static_cast<double>(best_epoch(record).epoch);
    default:
      return std::nullopt;
  }
}

std::optional<double> finished_value(const TrialResult& result, Metric metric) {
  const TrialRecord& record = result.record;
  switch (metric) {
    case Metric::test_loss:
      return record.test ? std::optional(record.test->loss) : std::nullopt;
    case Metric::test_accuracy:
      return record.test ? std::optional(record.test->accuracy) : std::nullopt;
    case Metric::step_seconds:
      return step_seconds(record);
    case Metric::examples_per_second:
      return examples_per_second(result);
    default:
      return last_epoch_value(record, metric);
  }
}

/// One part in `count`; 0, any number, when there are none.
double share_of_one(std::int64_t count) {
  return count > 0 ? 1 / static_cast<double>(count) : 0;
}

Domain domain_of(const TrialResult& result, Metric metric) {
  const TrialRecord& record = result.record;
  const TrialSettings& settings = result.trial.settings;
  Domain domain{possible_range(metric)};
  switch (metric) {
    case Metric::train_accuracy:
      domain.resolution = share_of_one(record.train_examples);
      break;
    case Metric::validation_accuracy:
    case Metric::best_validation_accuracy:
      domain.resolution = share_of_one(record.validation_examples);
      break;
    case Metric::test_accuracy:
      domain.resolution = share_of_one(record.test_examples);
      break;
    case Metric::best_epoch:
    case Metric::steps_to_accuracy: {
      if (record.epochs.empty()) break;
      const std::int64_t epoch = record.epochs[0].steps;
      const std::int64_t steps = settings.steps > 0 ? settings.steps : settings.epochs * epoch;
      const bool counts_epochs = metric == Metric::best_epoch;
      const std::int64_t most = counts_epochs ? (steps + epoch - 1) / epoch : steps;
      domain.range.high = static_cast<double>(most);
      domain.resolution = counts_epochs ? 1 : static_cast<double>(epoch);
      break;
    }
    default:
      break;
  }
  return domain;
}

}  // namespace

Domain domain_of(std::span<const TrialResult* const> results, Metric metric) {
  std::optional<Domain> domain;
  for (const TrialResult* result : results) {
    if (result->record.status == TrialStatus::failed) continue;
    const Domain one = domain_of(*result, metric);
    domain = domain ? either(*domain, one) : one;
  }
  return domain.value_or(Domain{possible_range(metric)});
}

std::optional<Duration> arrival(const TrialRecord& record, double threshold) {
  if (record.status == TrialStatus::failed) return std::nullopt;
  for (const EpochRecord& epoch : record.epochs) {
    if (epoch.validation.accuracy >= threshold) {
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
  if (metric == Metric::steps_to_accuracy) {
    if (!threshold) return std::nullopt;
    const std::optional<Duration> duration = arrival(result.record, *threshold);
    return duration && duration->arrived ? std::optional(duration->time) : std::nullopt;
  }
  if (result.record.status != TrialStatus::done) return std::nullopt;
  return finished_value(result, metric);
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
