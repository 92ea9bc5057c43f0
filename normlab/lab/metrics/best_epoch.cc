#include <algorithm>

#include <fmt/format.h>

#include "normlab/lab/metric_description.h"

namespace normlab {
namespace {

/// The first of the best ones; null where no epoch has a score.
const EpochRecord* best_epoch(const TrialRecord& record) {
  const auto best = std::ranges::max_element(
      record.epochs, {}, [](const EpochRecord& epoch) { return score_of(epoch.validation); });
  return best == record.epochs.end() || !score_of(best->validation) ? nullptr : &*best;
}

MetricDescription best_of(const Quantity& score) {
  return {.name = fmt::format("best_validation_{}", score.name),
          .noun = fmt::format("best validation {}", score.noun),
          .label = label_text(fmt::format("best validation {}", score.noun), score.display),
          .display = score.display,
          .larger_is_better = true,
          .range = score.range,
          .value =
              [&score](const TrialResult& result) {
                const EpochRecord* best = best_epoch(result.record);
                return best == nullptr ? std::nullopt : value_of(best->validation, score.name);
              },
          .domain =
              [&score](const TrialResult& result) {
                const std::int64_t examples = result.record.validation_examples;
                const bool counts = score.counts_examples && examples > 0;
                return Domain{score.range, counts ? 1 / static_cast<double>(examples) : 0};
              }};
}

/// Epochs count from 1, to as many as the settings let the trial run.
Domain domain_of_epochs(const TrialResult& result) {
  Domain domain{{1, Domain::kMost}, 1};
  if (result.record.epochs.empty()) return domain;
  const TrialSettings& settings = result.trial.settings;
  const std::int64_t epoch = result.record.epochs[0].steps;
  domain.range.high = static_cast<double>(settings.steps > 0 ? (settings.steps + epoch - 1) / epoch
                                                             : settings.epochs);
  return domain;
}

}  // namespace

/// What the best epoch reached, and which it was: the first with the best score (train/quantity.h)
/// on the validation examples, from 1.
std::vector<MetricDescription> best_epoch_metrics() {
  std::vector<MetricDescription> metrics;
  for (const Quantity* quantity : quantities()) {
    if (quantity->is_score) metrics.push_back(best_of(*quantity));
  }
  metrics.push_back({.name = "best_epoch",
                     .noun = "best epoch",
                     .label = "best epoch",
                     .in_tables = true,
                     .display = {.decimals = 0},
                     .role = MetricRole::description,
                     .range = {1, Domain::kMost},
                     .value =
                         [](const TrialResult& result) {
                           const EpochRecord* best = best_epoch(result.record);
                           return best == nullptr ? std::nullopt
                                                  : std::optional(static_cast<double>(best->epoch));
                         },
                     .domain = domain_of_epochs});
  return metrics;
}

}  // namespace normlab
