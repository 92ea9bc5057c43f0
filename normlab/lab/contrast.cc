#include "normlab/lab/contrast.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "normlab/base/moments.h"
#include "normlab/lab/learning.h"
#include "normlab/lab/metric_description.h"
#include "normlab/lab/metric_value.h"
#include "normlab/lab/statistics_holm.h"
#include "normlab/lab/statistics_interval.h"
#include "normlab/lab/statistics_permutation.h"
#include "normlab/lab/statistics_power.h"

namespace normlab {
namespace {

bool has_failed(const TrialResult* result) {
  return result->record.status == TrialStatus::failed;
}

/// How good a trial was: larger is better, minus infinity when it did not train or never arrived.
/// Absent when it failed or measured nothing.
std::optional<double> merit(const TrialResult* result, bool trained, Metric metric,
                            std::optional<double> threshold) {
  constexpr double kWorst = -std::numeric_limits<double>::infinity();
  if (has_failed(result)) return std::nullopt;
  if (!trained) return kWorst;
  if (const auto value = metric_value(*result, metric, threshold)) {
    return larger_is_better(metric) ? *value : -*value;
  }
  return describe(metric).arrival != nullptr && threshold ? std::optional(kWorst) : std::nullopt;
}

std::optional<Superiority> superiority_in(const Pairs& pairs, Metric metric,
                                          std::optional<double> threshold) {
  std::vector<double> advantages;
  for (const Pair& pair : pairs) {
    const auto of_arm = merit(pair.arm, pair.arm_trained, metric, threshold);
    const auto of_baseline = merit(pair.baseline, pair.baseline_trained, metric, threshold);
    if (!of_arm || !of_baseline) continue;
    advantages.push_back(*of_arm == *of_baseline ? 0 : *of_arm - *of_baseline);
  }
  return advantages.empty() ? std::nullopt : std::optional(superiority(advantages));
}

struct Differences {
  std::vector<double> values;  ///< arm minus baseline where both are there
  std::size_t not_finite = 0;  ///< pairs in which one is not finite
};

Differences differences_in(const Pairs& pairs, Metric metric, std::optional<double> threshold) {
  Differences differences;
  for (const Pair& pair : pairs) {
    if (!is_time(metric) && !(pair.arm_trained && pair.baseline_trained)) continue;
    const auto of_arm = measured_value(*pair.arm, metric, threshold);
    const auto of_baseline = measured_value(*pair.baseline, metric, threshold);
    if (!of_arm || !of_baseline) continue;
    if (std::isfinite(*of_arm) && std::isfinite(*of_baseline)) {
      differences.values.push_back(*of_arm - *of_baseline);
    } else {
      ++differences.not_finite;
    }
  }
  return differences;
}

Domain domain_of_differences(const Pairs& pairs, Metric metric) {
  ArmResults arm;
  ArmResults baseline;
  for (const Pair& pair : pairs) {
    arm.push_back(pair.arm);
    baseline.push_back(pair.baseline);
  }
  return difference(domain_of(arm, metric), domain_of(baseline, metric));
}

/// Whether a trial that has not failed never arrived, so that no mean can be given.
bool is_censored(const Pairs& pairs, Metric metric, std::optional<double> threshold) {
  const auto arrival = describe(metric).arrival;
  const auto never = [&](const TrialResult* result) {
    const auto duration = arrival(result->record, *threshold);
    return duration && !duration->arrived;
  };
  return arrival != nullptr && threshold && std::ranges::any_of(pairs, [&](const Pair& pair) {
           return never(pair.arm) || never(pair.baseline);
         });
}

}  // namespace

Pairs pair_by_seed(const ArmResults& arm, const ArmResults& baseline) {
  const auto trained = [](const TrialResult* result) {
    return counts_as_trained(learning_of(result->record));
  };
  Pairs pairs;
  for (const TrialResult* result : arm) {
    const auto partner = std::ranges::lower_bound(baseline, seed_of(result), {}, seed_of);
    if (partner == baseline.end() || seed_of(*partner) != seed_of(result)) continue;
    pairs.push_back({result, *partner, trained(result), trained(*partner)});
  }
  return pairs;
}

Contrast contrast(const Pairs& pairs, Metric metric, std::optional<double> threshold, bool family) {
  Contrast result;
  result.metric = metric;
  result.family = family;
  const Differences differences = differences_in(pairs, metric, threshold);
  result.n = differences.values.size();
  result.not_finite = differences.not_finite;
  if (is_outcome(metric)) result.superiority = superiority_in(pairs, metric, threshold);
  if (result.n == 0 || is_censored(pairs, metric, threshold)) return result;
  const Moments moments = moments_of(differences.values);
  result.difference = moments.mean;
  if (result.n > 1) result.sd = moments.standard_deviation();
  result.ci95 = mean_interval(differences.values, domain_of_differences(pairs, metric));
  if (family) result.p_unadjusted = sign_flip_p(differences.values);
  return result;
}

TrainedPairs count_trained(const Pairs& pairs) {
  TrainedPairs result;
  // 1 where the arm alone trained, 0 where the baseline alone did.
  std::vector<double> shares;
  for (const Pair& pair : pairs) {
    if (has_failed(pair.arm) || has_failed(pair.baseline)) continue;
    ++(pair.arm_trained ? (pair.baseline_trained ? result.both : result.arm_only)
                        : (pair.baseline_trained ? result.baseline_only : result.neither));
    shares.push_back(pair.arm_trained == pair.baseline_trained ? 0.5 : pair.arm_trained ? 1 : 0);
  }
  if (shares.empty()) return result;
  const auto difference_of = [](double share) { return 2 * share - 1; };
  result.difference = difference_of(moments_of(shares).mean);
  const Interval share = share_interval(shares);
  result.ci95 = Interval{difference_of(share.low), difference_of(share.high)};
  return result;
}

void correct_p_values(Comparison& comparison) {
  std::vector<double> p_values;
  for (const Contrast& contrast : comparison.contrasts) {
    comparison.family += contrast.family ? 1 : 0;
    if (contrast.p_unadjusted) p_values.push_back(*contrast.p_unadjusted);
  }
  comparison.tests = p_values.size();
  comparison.seeds_needed = p_values.empty() ? 0 : pairs_for_significance(p_values.size());
  const std::vector<double> adjusted = holm(p_values);
  auto next = adjusted.begin();
  for (Contrast& contrast : comparison.contrasts) {
    if (!contrast.p_unadjusted) continue;
    contrast.p = *next++;
    // Below six pairs no p is that small: five give 2 / 2^5 = 0.0625 at best.
    contrast.significant = *contrast.p <= kSignificance;
  }
}

}  // namespace normlab
