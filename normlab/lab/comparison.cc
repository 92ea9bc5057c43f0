#include "normlab/lab/comparison.h"

#include <algorithm>
#include <cmath>

#include "normlab/base/error.h"
#include "normlab/base/moments.h"
#include "normlab/lab/baseline.h"
#include "normlab/lab/contrast.h"
#include "normlab/lab/metric_description.h"
#include "normlab/lab/metric_value.h"
#include "normlab/lab/same_quantity.h"
#include "normlab/lab/setting_difference.h"
#include "normlab/lab/statistics_interval.h"
#include "normlab/lab/statistics_trimmed.h"
#include "normlab/lab/threshold.h"

namespace normlab {
namespace {

std::vector<ArmResults> group_by_arm(const Study& study, std::span<const TrialResult> results) {
  std::vector<ArmResults> arms(study.arms.size());
  for (const TrialResult& result : results) {
    if (result.trial.arm >= arms.size()) {
      fail("trial {} belongs to arm {}, but study '{}' has {} arms: compare results of one study",
           result.trial.id, result.trial.arm, study.name, arms.size());
    }
    arms[result.trial.arm].push_back(&result);
  }
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    std::ranges::sort(arms[arm], {}, seed_of);
    const auto twin = std::ranges::adjacent_find(arms[arm], {}, seed_of);
    if (twin != arms[arm].end()) {
      fail("arm '{}' has two results of seed {}: give each trial's result once",
           study.arms[arm].label, seed_of(*twin));
    }
  }
  return arms;
}

/// Mean, spread and interval of numbers that are all there.
void describe(std::span<const double> numbers, const Domain& domain, MetricSummary& summary) {
  if (numbers.empty()) return;
  const Moments moments = moments_of(numbers);
  summary.mean = moments.mean;
  summary.iqm = interquartile_mean(numbers);
  if (numbers.size() > 1) summary.sd = moments.standard_deviation();
  summary.ci95 = mean_interval(numbers, domain);
}

MetricSummary summarize(const ArmResults& results, Metric metric, std::optional<double> threshold) {
  const MetricDescription& description = describe(metric);
  MetricSummary summary;
  std::vector<double> numbers;
  std::vector<Duration> durations;
  for (const TrialResult* result : results) {
    std::optional<double> value = measured_value(*result, metric, threshold);
    if (value && !std::isfinite(*value)) {
      ++summary.not_finite;
      value.reset();
    }
    summary.values.push_back(value);
    if (value) numbers.push_back(*value);
    if (description.arrival == nullptr || !threshold) continue;
    if (const auto duration = description.arrival(result->record, *threshold)) {
      durations.push_back(*duration);
      summary.censored += duration->arrived ? 0 : 1;
    }
  }
  summary.n = numbers.size();
  summary.median = kaplan_meier_median(durations);
  if (summary.censored == 0) describe(numbers, domain_of(results, metric), summary);
  return summary;
}

/// Counts a trial by what became of it.
void count(const TrialRecord& record, ArmSummary& summary) {
  const Learning learning = learning_of(record);
  summary.learning.push_back(learning);
  summary.n += record.status == TrialStatus::done ? 1 : 0;
  summary.diverged += learning == Learning::diverged ? 1 : 0;
  summary.failed += learning == Learning::failed ? 1 : 0;
  summary.at_chance += learning == Learning::at_chance ? 1 : 0;
  summary.not_known += learning == Learning::not_known ? 1 : 0;
}

ArmSummary summarize_arm(const Arm& arm, const ArmResults& results, std::span<const Metric> metrics,
                         std::optional<double> threshold) {
  ArmSummary summary;
  summary.id = arm.id;
  summary.label = arm.label;
  summary.threshold = threshold;
  for (const TrialResult* result : results) {
    summary.seeds.push_back(seed_of(result));
    count(result->record, summary);
    if (result->record.stopped_early) summary.stopped_after.push_back(result->record.epochs.size());
  }
  std::ranges::sort(summary.stopped_after);
  for (const Metric metric : metrics) {
    summary.metrics.emplace(metric, summarize(results, metric, threshold));
  }
  return summary;
}

/// Who is set against whom, and what each waits for.
struct Plan {
  std::vector<std::size_t> baselines;             ///< of each arm; the first arm's is itself
  std::vector<bool> norm_alone;                   ///< that the arm differs from it in
  std::vector<std::optional<double>> thresholds;  ///< of each arm's contrasts
  std::vector<std::optional<double>> own;         ///< of each arm by itself
};

Plan make_plan(const Study& study, const std::vector<ArmResults>& arms,
               std::optional<double> threshold) {
  Plan plan;
  std::vector<std::optional<double>> endings;
  std::vector<bool> is_reference(arms.size(), false);
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    const std::size_t baseline = baseline_of(study, arm);
    plan.baselines.push_back(baseline);
    plan.norm_alone.push_back(
        differ_in_norm_alone(study.arms[baseline].settings, study.arms[arm].settings));
    if (plan.norm_alone.back()) is_reference[baseline] = true;
    endings.push_back(threshold ? threshold : ending_accuracy(arms[arm]));
  }
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    plan.thresholds.push_back(endings[plan.baselines[arm]]);
    plan.own.push_back(is_reference[arm] ? endings[arm] : plan.thresholds.back());
  }
  return plan;
}

Contrast compare_arms(const Study& study, const Plan& plan, const Pairs& pairs, std::size_t arm,
                      Metric metric, Metric primary) {
  const std::size_t baseline = plan.baselines[arm];
  Contrast result;
  if (is_same_quantity(metric, study.arms[arm].settings, study.arms[baseline].settings)) {
    const bool family = metric == primary && plan.norm_alone[arm];
    result = contrast(pairs, metric, plan.thresholds[arm], family);
  } else {
    result.metric = metric;
    result.comparable = false;
  }
  result.arm = arm;
  result.baseline = baseline;
  return result;
}

}  // namespace

void check_options(const CompareOptions& options) {
  const auto& threshold = options.threshold;
  if (threshold && !(*threshold > 0 && *threshold <= 1)) {
    fail("the accuracy threshold is {}: expected a fraction above 0, at most 1", *threshold);
  }
  primary_named(name(options.primary));
}

Comparison compare(const Study& study, std::span<const TrialResult> results,
                   const CompareOptions& options) {
  check_options(options);
  const std::vector<ArmResults> arms = group_by_arm(study, results);
  const Plan plan = make_plan(study, arms, options.threshold);
  Comparison comparison;
  comparison.primary = options.primary;
  comparison.metrics.assign(all_metrics().begin(), all_metrics().end());
  comparison.threshold = options.threshold;
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    comparison.arms.push_back(
        summarize_arm(study.arms[arm], arms[arm], comparison.metrics, plan.own[arm]));
  }
  for (std::size_t arm = 1; arm < arms.size(); ++arm) {
    const Pairs pairs = pair_by_seed(arms[arm], arms[plan.baselines[arm]]);
    comparison.trained.push_back(count_trained(pairs));
    comparison.trained.back().arm = arm;
    comparison.trained.back().baseline = plan.baselines[arm];
    for (const Metric metric : comparison.metrics) {
      comparison.contrasts.push_back(
          compare_arms(study, plan, pairs, arm, metric, options.primary));
    }
  }
  correct_p_values(comparison);
  for (const TrialResult& result : results) {
    comparison.mean_step_times += has_mean_step_time(result.record) ? 1 : 0;
  }
  comparison.warnings = check_fairness(study, results);
  return comparison;
}

const Contrast& find_contrast(const Comparison& comparison, std::size_t arm, Metric metric) {
  const auto of_arm =
      std::span(comparison.contrasts)
          .subspan((arm - 1) * comparison.metrics.size(), comparison.metrics.size());
  return *std::ranges::find(of_arm, metric, &Contrast::metric);
}

const TrainedPairs& find_trained(const Comparison& comparison, std::size_t arm) {
  return comparison.trained[arm - 1];
}

}  // namespace normlab
