#include "normlab/lab/contrast.h"

#include <algorithm>
#include <limits>

#include "normlab/base/moments.h"
#include "normlab/lab/metric_value.h"
#include "normlab/lab/statistics_holm.h"
#include "normlab/lab/statistics_interval.h"
#include "normlab/lab/statistics_permutation.h"
#include "normlab/lab/statistics_power.h"

namespace normlab {
namespace {

/// How good a trial was: larger is better, minus infinity when it diverged or never arrived.
std::optional<double> merit(const TrialResult& result, Metric metric, double threshold) {
  if (const auto value = metric_value(result, metric, threshold)) {
    return larger_is_better(metric) ? *value : -*value;
  }
  const bool never = metric == Metric::steps_to_accuracy && arrival(result.record, threshold);
  if (never || result.record.status == TrialStatus::diverged) {
    return -std::numeric_limits<double>::infinity();
  }
  return std::nullopt;
}

/// What the pairs of one contrast say.
struct Pairs {
  std::vector<double> differences;  ///< arm minus baseline where both values are there
  std::vector<double> advantages;   ///< of the arm's merit over the baseline's
  bool censored = false;            ///< a pair's arrival is not known
};

void add_pair(const TrialResult& arm, const TrialResult& baseline, Metric metric, double threshold,
              Pairs& pairs) {
  const auto of_arm = metric_value(arm, metric, threshold);
  const auto of_baseline = metric_value(baseline, metric, threshold);
  if (of_arm && of_baseline) pairs.differences.push_back(*of_arm - *of_baseline);
  const auto merit_of_arm = merit(arm, metric, threshold);
  const auto merit_of_baseline = merit(baseline, metric, threshold);
  if (!merit_of_arm || !merit_of_baseline) return;
  const bool alike = *merit_of_arm == *merit_of_baseline;
  pairs.advantages.push_back(alike ? 0 : *merit_of_arm - *merit_of_baseline);
  pairs.censored |= metric == Metric::steps_to_accuracy && !(of_arm && of_baseline);
}

Pairs pair_by_seed(const ArmResults& arm, const ArmResults& baseline, Metric metric,
                   double threshold) {
  Pairs pairs;
  for (const TrialResult* result : arm) {
    const auto partner = std::ranges::lower_bound(baseline, seed_of(result), {}, seed_of);
    if (partner == baseline.end() || seed_of(*partner) != seed_of(result)) continue;
    add_pair(*result, **partner, metric, threshold, pairs);
  }
  return pairs;
}

}  // namespace

Contrast contrast(std::size_t index, const ArmResults& arm, const ArmResults& baseline,
                  Metric metric, double threshold) {
  const Pairs pairs = pair_by_seed(arm, baseline, metric, threshold);
  Contrast result;
  result.arm = index;
  result.metric = metric;
  result.n = pairs.differences.size();
  if (is_outcome(metric) && !pairs.advantages.empty()) {
    result.superiority = superiority(pairs.advantages);
  }
  if (result.n == 0 || pairs.censored) return result;
  const Moments moments = moments_of(pairs.differences);
  result.difference = moments.mean;
  if (result.n > 1) result.sd = moments.standard_deviation();
  result.ci95 = mean_interval(pairs.differences,
                              difference(domain_of(arm, metric), domain_of(baseline, metric)));
  if (is_outcome(metric)) result.p_unadjusted = sign_flip_p(pairs.differences);
  return result;
}

void correct_p_values(Comparison& comparison) {
  std::vector<double> p_values;
  for (const Contrast& contrast : comparison.contrasts) {
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
