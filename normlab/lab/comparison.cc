#include "normlab/lab/comparison.h"

#include <algorithm>

#include "normlab/base/error.h"
#include "normlab/base/moments.h"
#include "normlab/lab/baseline.h"
#include "normlab/lab/contrast.h"
#include "normlab/lab/metric_value.h"
#include "normlab/lab/statistics_interval.h"
#include "normlab/lab/statistics_trimmed.h"

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

MetricSummary summarize(const ArmResults& results, Metric metric, double threshold) {
  MetricSummary summary;
  std::vector<double> numbers;
  std::vector<Duration> durations;
  for (const TrialResult* result : results) {
    summary.values.push_back(metric_value(*result, metric, threshold));
    if (summary.values.back()) numbers.push_back(*summary.values.back());
    if (metric != Metric::steps_to_accuracy) continue;
    if (const auto duration = arrival(result->record, threshold)) {
      durations.push_back(*duration);
      summary.censored += duration->arrived ? 0 : 1;
    }
  }
  summary.n = numbers.size();
  summary.median = kaplan_meier_median(durations);
  if (summary.censored == 0) describe(numbers, domain_of(results, metric), summary);
  return summary;
}

ArmSummary summarize_arm(const Arm& arm, const ArmResults& results, double threshold) {
  ArmSummary summary;
  summary.id = arm.id;
  summary.label = arm.label;
  for (const TrialResult* result : results) {
    summary.seeds.push_back(seed_of(result));
    if (result->record.stopped_early) summary.stopped_after.push_back(result->record.epochs.size());
    switch (result->record.status) {
      case TrialStatus::done:
        ++summary.n;
        break;
      case TrialStatus::diverged:
        ++summary.diverged;
        break;
      case TrialStatus::failed:
        ++summary.failed;
        break;
    }
  }
  std::ranges::sort(summary.stopped_after);
  for (const Metric metric : kMetrics) {
    summary.metrics[static_cast<std::size_t>(metric)] = summarize(results, metric, threshold);
  }
  return summary;
}

}  // namespace

Comparison compare(const Study& study, std::span<const TrialResult> results,
                   const CompareOptions& options) {
  if (!(options.threshold > 0 && options.threshold <= 1)) {
    fail("the accuracy threshold is {}: expected a fraction above 0, at most 1", options.threshold);
  }
  const std::vector<ArmResults> arms = group_by_arm(study, results);
  Comparison comparison;
  comparison.threshold = options.threshold;
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    comparison.arms.push_back(summarize_arm(study.arms[arm], arms[arm], options.threshold));
  }
  for (std::size_t arm = 1; arm < arms.size(); ++arm) {
    const std::size_t baseline = baseline_of(study, arm);
    for (const Metric metric : kMetrics) {
      comparison.contrasts.push_back(
          contrast(arm, arms[arm], arms[baseline], metric, options.threshold));
      comparison.contrasts.back().baseline = baseline;
    }
  }
  correct_p_values(comparison);
  comparison.warnings = check_fairness(study, results);
  return comparison;
}

const Contrast& find_contrast(const Comparison& comparison, std::size_t arm, Metric metric) {
  return comparison.contrasts[(arm - 1) * kMetricCount + static_cast<std::size_t>(metric)];
}

}  // namespace normlab
