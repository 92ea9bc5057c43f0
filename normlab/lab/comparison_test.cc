#include "normlab/lab/comparison.h"

#include <algorithm>
#include <numeric>
#include <string>

#include <gmock/gmock.h>

#include "normlab/base/error.h"
#include "normlab/base/moments.h"
#include "normlab/lab/mock_study.h"
#include "normlab/lab/statistics_interval.h"
#include "normlab/lab/statistics_permutation.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

MockStudy two_arms(std::uint64_t seeds) {
  return mock_study({"norm=none", "norm=batch"}, seeds);
}

const Contrast& find(const Comparison& comparison, Metric metric) {
  return *std::ranges::find(comparison.contrasts, metric, &Contrast::metric);
}

void expect_rejected(const MockStudy& mock, const CompareOptions& options, const char* message) {
  try {
    compare(mock.study, mock.results, options);
    FAIL() << "accepted; expected: " << message;
  } catch (const RequestError& error) {
    EXPECT_THAT(error.what(), HasSubstr(message));
  }
}

TEST(Compare, SummarizesEveryMetricOverTheSeeds) {
  const MockStudy mock = two_arms(5);
  const Comparison comparison = compare(mock.study, mock.results);
  ASSERT_EQ(comparison.arms.size(), 2u);
  const ArmSummary& arm = comparison.arms[1];
  EXPECT_EQ(arm.id, "a1");
  EXPECT_EQ(arm.label, "norm=batch");
  EXPECT_EQ(arm.n, 5u);
  EXPECT_THAT(arm.seeds, ElementsAre(1, 2, 3, 4, 5));
  std::vector<double> accuracies;
  for (std::size_t i = 5; i < 10; ++i) {
    accuracies.push_back(mock.results[i].record.epochs.back().validation.at("accuracy"));
  }
  const MetricSummary& summary = arm[Metric::validation_accuracy];
  EXPECT_EQ(summary.n, 5u);
  EXPECT_EQ(summary.mean, moments_of(accuracies).mean);
  EXPECT_EQ(summary.sd, moments_of(accuracies).standard_deviation());
  const Interval expected = mean_interval(accuracies, {{0, 1}, 1.0 / 12000}).value();
  EXPECT_EQ(summary.ci95->low, expected.low);
  EXPECT_EQ(summary.ci95->high, expected.high);
  EXPECT_EQ(summary.values[2], accuracies[2]);
}

/// A trial that fell far behind the others and still learnt something, so that it counts.
void fall_behind(TrialRecord& record) {
  for (EpochRecord& epoch : record.epochs) epoch.train = epoch.validation = classified(1.9, 0.3);
  record.test = classified(1.9, 0.3);
}

// With two seeds and with ten, of which some fall behind in one arm.
TEST(Compare, IntervalsNeverLeaveWhatTheQuantityCanBe) {
  for (const std::uint64_t seeds : {2u, 3u, 10u, 20u}) {
    MockStudy mock = two_arms(seeds);
    for (std::uint64_t seed = 1; seed <= seeds; seed += 3) fall_behind(mock.record(0, seed));
    mock.record(1, 1).train_seconds *= 100;
    // A threshold that all reach, so that steps have means, too.
    const Comparison comparison = compare(mock.study, mock.results, {.threshold = 0.05});
    for (const Metric metric : all_metrics()) {
      SCOPED_TRACE(std::string(name(metric)) + ", seeds: " + std::to_string(seeds));
      const Interval range = possible_range(metric);
      for (const ArmSummary& arm : comparison.arms) {
        ASSERT_TRUE(arm[metric].ci95);
        EXPECT_GE(arm[metric].ci95->low, range.low);
        EXPECT_LE(arm[metric].ci95->high, range.high);
      }
      const Contrast& contrast = find(comparison, metric);
      ASSERT_TRUE(contrast.ci95);
      EXPECT_GE(contrast.ci95->low, range.low - range.high);
      EXPECT_LE(contrast.ci95->high, range.high - range.low);
    }
    // Five epochs were asked for.
    EXPECT_LE(comparison.arms[0][metric_named("best_epoch")].ci95->high, 5);
  }
}

TEST(Compare, EqualSeedsSayNoMoreThanTheMeasureResolves) {
  MockStudy mock = two_arms(2);
  for (TrialResult& result : mock.results) result.record.validation_examples = 50;
  for (const std::uint64_t seed : {1u, 2u}) {
    mock.record(0, seed).epochs.back().validation["accuracy"] = 0.90;
    mock.record(1, seed).epochs.back().validation["accuracy"] = 0.92;
  }
  const Contrast contrast = find(compare(mock.study, mock.results), Metric::validation_accuracy);
  EXPECT_NEAR(*contrast.difference, 0.02, 1e-15);
  EXPECT_LT(contrast.ci95->low, 0) << "one image in fifty, seen twice";
}

TEST(Compare, PairsBySeedAndNotByOrder) {
  const MockStudy mock = two_arms(8);
  const CompareOptions options{.primary = Metric::test_loss};
  std::vector<double> differences;
  for (std::size_t i = 0; i < 8; ++i) {
    differences.push_back(mock.results[8 + i].record.test->at("loss") -
                          mock.results[i].record.test->at("loss"));
  }
  MockStudy mixed = mock;
  std::reverse(mixed.results.begin() + 3, mixed.results.end());
  const Contrast contrast = find(compare(mixed.study, mixed.results, options), Metric::test_loss);
  EXPECT_EQ(contrast.n, 8u);
  EXPECT_EQ(contrast.difference, moments_of(differences).mean);
  EXPECT_EQ(contrast.sd, moments_of(differences).standard_deviation());
  EXPECT_EQ(contrast.ci95->low, mean_interval(differences, {})->low);
  EXPECT_EQ(contrast.p_unadjusted, sign_flip_p(differences));
  EXPECT_EQ(contrast.superiority->probability, 1) << "a lower loss is better";
}

// Five seeds and eight metrics were once the default: nothing could ever be significant. One
// metric decides, and six seeds may be enough.
TEST(Compare, TestsThePrimaryMetricAlone) {
  const MockStudy mock = two_arms(6);
  const Comparison comparison = compare(mock.study, mock.results);
  EXPECT_EQ(comparison.contrasts.size(), all_metrics().size());
  EXPECT_EQ(comparison.family, 1u);
  EXPECT_EQ(comparison.tests, 1u);
  EXPECT_EQ(comparison.seeds_needed, 6u);
  for (const Contrast& contrast : comparison.contrasts) {
    const bool primary = contrast.metric == Metric::validation_accuracy;
    EXPECT_EQ(contrast.family, primary);
    EXPECT_EQ(contrast.significant, primary);
    EXPECT_EQ(contrast.p.has_value(), primary);
    EXPECT_EQ(contrast.p_unadjusted.has_value(), primary);
    EXPECT_TRUE(contrast.difference) << "all others are described";
  }
  EXPECT_EQ(find(comparison, Metric::validation_accuracy).p, 0x1p-5);
}

TEST(Compare, AnotherMetricMayDecide) {
  const MockStudy mock = two_arms(6);
  const Comparison comparison =
      compare(mock.study, mock.results, {.primary = Metric::validation_loss});
  EXPECT_EQ(comparison.primary, Metric::validation_loss);
  EXPECT_TRUE(find(comparison, Metric::validation_loss).significant);
  EXPECT_FALSE(find(comparison, Metric::validation_accuracy).p);
  expect_rejected(mock, {.primary = Metric::step_seconds}, "step_seconds, which describes");
}

/// Arms none and batch at lr 0.001, and the same at lr 0.01.
MockStudy two_rates(std::uint64_t seeds) {
  MockStudy mock = mock_study({"none", "batch", "none fast", "batch fast"}, seeds);
  for (std::size_t arm = 0; arm < 4; ++arm) {
    TrialSettings& settings = mock.study.arms[arm].settings;
    settings.norm.kind = arm % 2 == 0 ? NormKind::none : NormKind::batch;
    settings.optimizer.lr = arm < 2 ? 0.001 : 0.01;
  }
  return mock;
}

TEST(Compare, CorrectsOverArmsThatDifferInTheNormAlone) {
  const MockStudy mock = two_rates(9);
  const Comparison comparison = compare(mock.study, mock.results);
  EXPECT_EQ(comparison.tests, 2u);
  EXPECT_EQ(comparison.seeds_needed, 7u);
  const auto contrast = [&](std::size_t arm) {
    return find_contrast(comparison, arm, Metric::validation_accuracy);
  };
  EXPECT_EQ(contrast(1).p_unadjusted, 0x1p-8);
  EXPECT_EQ(contrast(1).p, 2 * 0x1p-8);
  EXPECT_TRUE(contrast(3).significant);
  EXPECT_FALSE(contrast(2).family) << "another learning rate is not of the family";
  EXPECT_FALSE(contrast(2).p);
  EXPECT_TRUE(contrast(2).difference);
}

TEST(Compare, CountsWhatTrainedAndComparesThat) {
  MockStudy mock = two_arms(6);
  collapse(mock.record(0, 1));
  collapse(mock.record(0, 2));
  collapse(mock.record(1, 2));
  diverge(mock.record(1, 3));
  const Comparison comparison = compare(mock.study, mock.results);
  EXPECT_EQ(comparison.arms[0].at_chance, 2u);
  EXPECT_EQ(comparison.arms[0].trained(), 4u);
  EXPECT_EQ(comparison.arms[0].n, 6u);
  EXPECT_EQ(comparison.arms[1].trained(), 4u);
  EXPECT_EQ(comparison.arms[0][Metric::validation_accuracy].n, 6u) << "means are over all";
  const TrainedPairs& trained = find_trained(comparison, 1);
  EXPECT_EQ(trained.both, 3u);
  EXPECT_EQ(trained.arm_only, 1u);
  EXPECT_EQ(trained.baseline_only, 1u);
  EXPECT_EQ(trained.neither, 1u);
  EXPECT_EQ(trained.difference, 0);
  EXPECT_LT(trained.ci95->low, 0);
  EXPECT_GT(trained.ci95->high, 0);
  const Contrast& contrast = find(comparison, Metric::validation_accuracy);
  EXPECT_EQ(contrast.n, 3u);
  EXPECT_NEAR(*contrast.difference, 0.01, 0.004) << "no collapse is in it";
  // Three pairs are better, one is worse, one is a tie of two that learnt nothing, one is better by
  // the baseline's collapse.
  EXPECT_EQ(contrast.superiority->probability, 4.5 / 6);
  EXPECT_EQ(find(comparison, Metric::step_seconds).n, 5u) << "a collapsed trial takes time too";
}

TEST(Compare, ThatOneArmAloneTrainsTakesSixPairs) {
  for (const std::uint64_t seeds : {5u, 6u}) {
    MockStudy mock = two_arms(seeds);
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) collapse(mock.record(0, seed));
    const Comparison comparison = compare(mock.study, mock.results);
    const TrainedPairs& trained = find_trained(comparison, 1);
    EXPECT_EQ(trained.difference, 1);
    EXPECT_EQ(trained.ci95->high, 1);
    EXPECT_EQ(trained.ci95->low > 0, seeds == 6) << seeds;
  }
}

TEST(Compare, NothingIsComparedWhereNothingTrained) {
  MockStudy mock = two_arms(8);
  for (TrialResult& result : mock.results) {
    collapse(result.record);
    if (result.trial.arm == 0) result.record.epochs.back().validation["accuracy"] = 0.1;
  }
  const Comparison comparison = compare(mock.study, mock.results);
  for (const Contrast& contrast : comparison.contrasts) {
    if (is_time(contrast.metric)) continue;
    EXPECT_EQ(contrast.n, 0u);
    EXPECT_FALSE(contrast.difference);
    EXPECT_FALSE(contrast.significant);
    if (!is_outcome(contrast.metric)) continue;
    EXPECT_EQ(contrast.superiority->probability, 0.5) << name(contrast.metric);
  }
  EXPECT_EQ(find_trained(comparison, 1).neither, 8u);
  EXPECT_EQ(comparison.tests, 0u);
}

TEST(Compare, WhatIsNotKnownCountsAsTrained) {
  MockStudy mock = two_arms(3);
  for (TrialResult& result : mock.results) result.record.validation_majority.reset();
  collapse(mock.record(0, 1));
  const Comparison comparison = compare(mock.study, mock.results);
  EXPECT_EQ(comparison.arms[0].not_known, 3u);
  EXPECT_EQ(comparison.arms[0].at_chance, 0u);
  EXPECT_EQ(find(comparison, Metric::validation_accuracy).n, 3u);
}

// Of four trials, three had a loss that was no number, and the survivor's was shown as "over 4
// seeds".
TEST(Compare, CountsValuesThatAreNotFinite) {
  MockStudy mock = two_arms(4);
  for (const std::uint64_t seed : {1u, 2u, 3u}) overflow(mock.record(0, seed));
  overflow(mock.record(1, 1));
  const Comparison comparison = compare(mock.study, mock.results);
  const MetricSummary& loss = comparison.arms[0][Metric::validation_loss];
  EXPECT_EQ(loss.n, 1u);
  EXPECT_EQ(loss.not_finite, 3u);
  EXPECT_EQ(loss.values.size(), 4u);
  EXPECT_EQ(comparison.arms[0][Metric::test_loss].not_finite, 3u);
  EXPECT_EQ(comparison.arms[0][Metric::validation_accuracy].not_finite, 0u);
  const Contrast& contrast = find(comparison, Metric::validation_loss);
  EXPECT_EQ(contrast.n, 1u);
  EXPECT_EQ(contrast.not_finite, 3u);
}

TEST(Compare, LossesThatAreDifferentFunctionsAreNotCompared) {
  MockStudy mock = two_arms(6);
  mock.study.arms[1].settings.label_smoothing = 0.1;
  const Comparison comparison = compare(mock.study, mock.results);
  const Contrast& contrast = find(comparison, Metric::train_loss);
  EXPECT_FALSE(contrast.comparable);
  EXPECT_EQ(contrast.arm, 1u);
  EXPECT_FALSE(contrast.difference);
  EXPECT_FALSE(contrast.superiority);
  EXPECT_TRUE(find(comparison, Metric::validation_loss).difference) << "without smoothing in both";
  mock.study.arms[0].settings.label_smoothing = 0.1;
  EXPECT_TRUE(find(compare(mock.study, mock.results), Metric::train_loss).difference);
}

// On CIFAR-10 nobody reaches 95 %: what the baseline ends with is asked for then.
TEST(Compare, TheThresholdIsWhatEachPairsBaselineEndsWith) {
  MockStudy mock = two_rates(4);
  for (TrialResult& result : mock.results) {
    if (result.trial.arm != 2) continue;
    result.record.epochs.back().validation["accuracy"] = 0.5799;
  }
  const Comparison comparison = compare(mock.study, mock.results);
  EXPECT_FALSE(comparison.threshold);
  EXPECT_EQ(comparison.arms[0].threshold, 0.95);
  EXPECT_EQ(comparison.arms[1].threshold, 0.95);
  EXPECT_EQ(comparison.arms[2].threshold, 0.57) << "the baseline of the second learning rate";
  EXPECT_EQ(comparison.arms[3].threshold, 0.57);
  EXPECT_EQ(comparison.arms[3][Metric::steps_to_accuracy].median, 750);
  const Comparison given = compare(mock.study, mock.results, {.threshold = 0.9});
  for (const ArmSummary& arm : given.arms) EXPECT_EQ(arm.threshold, 0.9);
}

TEST(Compare, WithoutABaselineThatTrainedThereIsNoThreshold) {
  MockStudy mock = two_arms(3);
  for (const std::uint64_t seed : {1u, 2u, 3u}) collapse(mock.record(0, seed));
  const Comparison comparison = compare(mock.study, mock.results);
  EXPECT_FALSE(comparison.arms[1].threshold);
  EXPECT_EQ(comparison.arms[1][Metric::steps_to_accuracy].n, 0u);
  EXPECT_EQ(comparison.arms[1][Metric::steps_to_accuracy].censored, 0u);
  EXPECT_FALSE(find(comparison, Metric::steps_to_accuracy).superiority);
}

TEST(Compare, CountsTimesThatAreMeans) {
  MockStudy mock = two_arms(3);
  EXPECT_EQ(compare(mock.study, mock.results).mean_step_times, 0u);
  mock.record(0, 1).step_seconds.reset();
  mock.record(1, 2).step_seconds.reset();
  EXPECT_EQ(compare(mock.study, mock.results).mean_step_times, 2u);
}

TEST(Compare, CallsNothingSignificantBelowSixPairs) {
  for (const std::uint64_t seeds : {1u, 2u, 5u}) {
    const MockStudy mock = two_arms(seeds);
    for (const Contrast& contrast : compare(mock.study, mock.results).contrasts) {
      EXPECT_FALSE(contrast.significant) << seeds << " seeds, " << name(contrast.metric);
    }
  }
}

TEST(Compare, OneSeedHasNoSpread) {
  const MockStudy mock = two_arms(1);
  const Comparison comparison = compare(mock.study, mock.results);
  const MetricSummary& summary = comparison.arms[0][Metric::test_accuracy];
  EXPECT_TRUE(summary.mean);
  EXPECT_FALSE(summary.sd);
  EXPECT_FALSE(summary.ci95);
  EXPECT_FALSE(find(comparison, Metric::test_accuracy).ci95);
}

TEST(Compare, OneArmHasNoContrasts) {
  const MockStudy mock = mock_study({""}, 5);
  const Comparison comparison = compare(mock.study, mock.results);
  EXPECT_TRUE(comparison.contrasts.empty());
  EXPECT_EQ(comparison.tests, 0u);
  EXPECT_EQ(comparison.seeds_needed, 0u);
}

TEST(Compare, CountsDivergedAndFailedTrialsAndLeavesTheirPairsOut) {
  MockStudy mock = two_arms(6);
  diverge(mock.record(0, 2));
  diverge(mock.record(0, 3));
  break_down(mock.record(1, 6), "disk full");
  const Comparison comparison = compare(mock.study, mock.results);
  EXPECT_EQ(comparison.arms[0].n, 4u);
  EXPECT_EQ(comparison.arms[0].diverged, 2u);
  EXPECT_EQ(comparison.arms[1].failed, 1u);
  EXPECT_EQ(comparison.arms[0][Metric::test_loss].n, 4u);
  EXPECT_FALSE(comparison.arms[0][Metric::test_loss].values[1]);
  const Contrast& contrast = find(comparison, Metric::test_loss);
  EXPECT_EQ(contrast.n, 3u);
  // Five pairs without the failed one; the arm wins against both diverged trials.
  EXPECT_EQ(contrast.superiority->probability, 1);
  EXPECT_EQ(contrast.superiority->ci95.high, 1);
}

TEST(Compare, StepsToAccuracyAreNeverAMeanOverSurvivors) {
  MockStudy mock = two_arms(5);
  for (const std::uint64_t seed : {1u, 2u}) {
    for (EpochRecord& epoch : mock.record(0, seed).epochs) epoch.validation["accuracy"] = 0.9;
  }
  diverge(mock.record(0, 3));
  const Comparison comparison = compare(mock.study, mock.results, {.threshold = 0.95});
  const MetricSummary& steps = comparison.arms[0][Metric::steps_to_accuracy];
  EXPECT_EQ(steps.n, 2u);
  EXPECT_EQ(steps.censored, 3u) << "two were too slow, one diverged";
  EXPECT_FALSE(steps.mean);
  EXPECT_FALSE(steps.median) << "fewer than half arrived";
  const Contrast& contrast = find(comparison, Metric::steps_to_accuracy);
  EXPECT_FALSE(contrast.difference);
  EXPECT_FALSE(contrast.p);
  EXPECT_EQ(contrast.superiority->probability, 1);
  EXPECT_EQ(comparison.arms[1][Metric::steps_to_accuracy].median, 1500);
  EXPECT_TRUE(comparison.arms[1][Metric::steps_to_accuracy].mean);
}

TEST(Compare, TrialsThatBothNeverArriveTie) {
  MockStudy mock = two_arms(5);
  const Comparison comparison = compare(mock.study, mock.results, {.threshold = 0.999});
  EXPECT_EQ(find(comparison, Metric::steps_to_accuracy).superiority->probability, 0.5);
}

TEST(Compare, SameResultsSameNumbers) {
  const MockStudy mock = two_arms(12);
  const Comparison first = compare(mock.study, mock.results);
  const Comparison second = compare(mock.study, mock.results);
  for (std::size_t i = 0; i < first.contrasts.size(); ++i) {
    EXPECT_EQ(first.contrasts[i].ci95->low, second.contrasts[i].ci95->low);
    EXPECT_EQ(first.contrasts[i].p, second.contrasts[i].p);
  }
}

TEST(Compare, RejectsWrongRequests) {
  MockStudy mock = two_arms(2);
  expect_rejected(mock, {.threshold = 95}, "threshold is 95: expected a fraction above 0");
  expect_rejected(mock, {.threshold = 0}, "threshold is 0");
  mock.results[1] = mock.results[0];
  expect_rejected(mock, {}, "arm 'norm=none' has two results of seed 1");
  mock.results[1].trial.arm = 2;
  expect_rejected(mock, {}, "belongs to arm 2, but study 'mlp-128-64' has 2 arms");
}

}  // namespace
}  // namespace normlab
