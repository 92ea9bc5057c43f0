#include "normlab/lab/fairness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/lab/baseline.h"
#include "normlab/lab/learning.h"
#include "normlab/lab/metric_value.h"
#include "normlab/lab/setting_difference.h"
#include "normlab/lab/setting_value.h"
#include "normlab/lab/settings.h"

namespace normlab {
namespace {

using Warning = std::optional<FairnessWarning>;

/// After so many over stat_update updates 5 % of the start (e^-3) are left in running statistics.
constexpr double kWarmUp = 3;
/// A last batch is small below this share of the others.
constexpr std::int64_t kSmallShare = 4;
/// Fewer learning rates are no grid that has edges.
constexpr std::size_t kFewestRates = 3;

std::string title(const Arm& arm) {
  return arm.label.empty() ? "the arm" : fmt::format("'{}'", arm.label);
}

/// Keys outside the norm's in which the arms differ.
std::vector<std::string> other_differences(const Arm& arm, const Arm& baseline) {
  std::vector<std::string> keys = differing_keys(arm.settings, baseline.settings);
  std::erase_if(keys, is_norm_setting);
  return keys;
}

/// Arms that differ from the arm they are compared with in the norm and in more.
Warning check_confounded(const Study& study) {
  std::vector<std::string> keys;
  const Arm* first = nullptr;
  std::size_t count = 0;
  for (std::size_t i = 1; i < study.arms.size(); ++i) {
    const Arm& arm = study.arms[i];
    const Arm& baseline = study.arms[baseline_of(study, i)];
    const auto others = other_differences(arm, baseline);
    if (others.empty() || arm.settings.norm.kind == baseline.settings.norm.kind) continue;
    if (first == nullptr) first = &arm;
    ++count;
    for (const std::string& key : others) {
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
    }
  }
  if (first == nullptr) return {};
  return FairnessWarning{
      FairnessIssue::confounded,
      fmt::format("{} of {} arms differ from the baseline {} not only in the norm but also in {}: "
                  "that difference is not the norm's alone. Add an arm like {} with the baseline's "
                  "norm.",
                  count, study.arms.size() - 1, title(study.arms[0]), fmt::join(keys, ", "),
                  title(*first))};
}

/// Absent when no trial of the arm trained: then it is no better than any other. One that diverged
/// has no accuracy, which is none.
std::optional<double> mean_accuracy(std::span<const TrialResult> results, std::size_t arm) {
  double sum = 0;
  int count = 0;
  bool trained = false;
  for (const TrialResult& result : results) {
    const Learning learning = learning_of(result.record);
    if (result.trial.arm != arm || learning == Learning::failed) continue;
    sum += metric_value(result, Metric::validation_accuracy, std::nullopt).value_or(0);
    ++count;
    trained |= counts_as_trained(learning);
  }
  return trained ? std::optional(sum / count) : std::nullopt;
}

struct RateGrid {
  std::vector<double> rates;  ///< ascending, each once
  std::optional<double> best;
};

RateGrid rate_grid(const Study& study, std::span<const TrialResult> results, NormKind norm) {
  RateGrid grid;
  std::optional<double> best_accuracy;
  for (std::size_t arm = 0; arm < study.arms.size(); ++arm) {
    const TrialSettings& settings = study.arms[arm].settings;
    if (settings.norm.kind != norm) continue;
    grid.rates.push_back(settings.optimizer.lr);
    const auto accuracy = mean_accuracy(results, arm);
    if (!accuracy || (best_accuracy && !(*accuracy > *best_accuracy))) continue;
    best_accuracy = accuracy;
    grid.best = settings.optimizer.lr;
  }
  std::ranges::sort(grid.rates);
  grid.rates.erase(std::unique(grid.rates.begin(), grid.rates.end()), grid.rates.end());
  return grid;
}

Warning check_rates(const Study& study, std::span<const TrialResult> results, NormKind norm) {
  const RateGrid grid = rate_grid(study, results, norm);
  const std::size_t count = grid.rates.size();
  if (count < kFewestRates || !grid.best) return {};
  const bool largest = *grid.best == grid.rates.back();
  if (!largest && *grid.best != grid.rates.front()) return {};
  const double neighbour = largest ? grid.rates[count - 2] : grid.rates[1];
  TrialSettings settings;
  settings.norm.kind = norm;
  return FairnessWarning{
      FairnessIssue::lr_at_edge,
      fmt::format("norm={} does best at lr={}, the {} of {} learning rates: the best may lie "
                  "beyond. Add {} ones, such as lr={:.2g}.",
                  find_setting("norm").format(settings), format_number(*grid.best),
                  largest ? "largest" : "smallest", count, largest ? "larger" : "smaller",
                  *grid.best * (*grid.best / neighbour))};
}

Warning check_test_use(const Study& study) {
  const bool used = std::ranges::any_of(
      study.arms, [](const Arm& arm) { return arm.settings.validation_is_test; });
  if (!used || study.arms.size() < 2) return {};
  return FairnessWarning{
      FairnessIssue::chosen_on_test,
      fmt::format("validation=test with {} arms: an arm chosen by its validation results is chosen "
                  "on the test images, and its test results are too good. Choose with "
                  "validation=0.2.",
                  study.arms.size())};
}

struct SeedCounts {
  std::size_t finished = 0;  ///< done or diverged
  std::size_t diverged = 0;
};

std::vector<SeedCounts> count_seeds(const Study& study, std::span<const TrialResult> results) {
  std::vector<SeedCounts> counts(study.arms.size());
  for (const TrialResult& result : results) {
    if (result.record.status == TrialStatus::failed) continue;
    SeedCounts& arm = counts.at(result.trial.arm);
    ++arm.finished;
    if (result.record.status == TrialStatus::diverged) ++arm.diverged;
  }
  return counts;
}

Warning check_seed_counts(const Study& study, std::span<const SeedCounts> counts) {
  if (counts.empty()) return {};
  const auto [least, most] = std::ranges::minmax_element(counts, {}, &SeedCounts::finished);
  if (least->finished == most->finished) return {};
  const auto arm = [&](auto count) {
    return title(study.arms[static_cast<std::size_t>(count - counts.begin())]);
  };
  return FairnessWarning{
      FairnessIssue::unequal_seeds,
      fmt::format("arms have unequal numbers of finished seeds, from {} ({}) to {} ({}): means are "
                  "over different seeds. Run the same command again to finish the rest.",
                  least->finished, arm(least), most->finished, arm(most))};
}

Warning check_statistics(const Study& study, std::span<const TrialResult> results) {
  for (const TrialResult& result : results) {
    const NormOptions& norm = study.arms.at(result.trial.arm).settings.norm;
    if (norm.kind != NormKind::batch || norm.cumulative) continue;
    const double needed = kWarmUp / norm.stat_update;
    const std::int64_t steps = result.record.steps;
    if (result.record.status != TrialStatus::done || static_cast<double>(steps) >= needed) continue;
    return FairnessWarning{
        FairnessIssue::cold_statistics,
        fmt::format("running statistics of {} are still cold: {} steps with stat_update={} leave "
                    "their start a weight in every evaluation, and it takes about {:.0f}. Train "
                    "longer, or set stat_update=cumulative.",
                    title(study.arms[result.trial.arm]), steps, format_number(norm.stat_update),
                    std::ceil(needed))};
  }
  return {};
}

Warning check_last_batch(const Study& study, std::span<const TrialResult> results) {
  for (const TrialResult& result : results) {
    const TrialSettings& settings = study.arms.at(result.trial.arm).settings;
    const std::int64_t examples = result.record.train_examples;
    const std::int64_t rest = examples % settings.batch;
    if (settings.tail != Tail::keep || examples < settings.batch || rest == 0) continue;
    if (kSmallShare * rest >= settings.batch) continue;
    return FairnessWarning{
        FairnessIssue::short_last_batch,
        fmt::format("the last batch of every epoch of {} has {} example{} where the others have "
                    "{}: its gradient and its batch statistics are noisier. Set tail=drop or "
                    "tail=merge.",
                    title(study.arms[result.trial.arm]), rest, rest == 1 ? "" : "s",
                    settings.batch)};
  }
  return {};
}

Warning check_divergence(const Study& study, std::span<const SeedCounts> counts) {
  std::vector<std::string> arms;
  for (std::size_t arm = 0; arm < counts.size(); ++arm) {
    const auto [finished, diverged] = counts[arm];
    if (diverged == 0) continue;
    arms.push_back(fmt::format("{} of {} of {}", diverged, finished, title(study.arms[arm])));
  }
  if (arms.empty()) return {};
  return FairnessWarning{
      FairnessIssue::diverged_seeds,
      fmt::format("seeds diverged: {}. They are counted but have no values to average, so means "
                  "flatter their arm. A smaller lr or clip=1 may keep them finite.",
                  fmt::join(arms, ", "))};
}

}  // namespace

std::vector<FairnessWarning> check_fairness(const Study& study,
                                            std::span<const TrialResult> results) {
  std::vector<FairnessWarning> warnings;
  const auto add = [&](Warning warning) {
    if (warning) warnings.push_back(std::move(*warning));
  };
  const std::vector<SeedCounts> counts = count_seeds(study, results);
  add(check_confounded(study));
  for (const NormKind norm : {NormKind::none, NormKind::batch}) {
    add(check_rates(study, results, norm));
  }
  add(check_test_use(study));
  add(check_seed_counts(study, counts));
  add(check_statistics(study, results));
  add(check_last_batch(study, results));
  add(check_divergence(study, counts));
  return warnings;
}

}  // namespace normlab
