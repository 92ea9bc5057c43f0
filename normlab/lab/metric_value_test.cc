#include "normlab/lab/metric_value.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/lab/mock_study.h"

namespace normlab {
namespace {

TrialResult result_of(const TrialRecord& record) {
  return {Trial{}, record};
}

TEST(Metric, NamesAreThoseOfJson) {
  EXPECT_EQ(name(Metric::train_loss), "train_loss");
  EXPECT_EQ(name(Metric::best_validation_accuracy), "best_validation_accuracy");
  EXPECT_EQ(name(Metric::steps_to_accuracy), "steps_to_accuracy");
}

TEST(MetricValue, TakesTheLastEpochAndTheBestOne) {
  TrialRecord record = mock_record(0, 0);
  record.epochs[0].validation = classified(0.3, 0.97);
  record.epochs[1].validation = classified(0.2, 0.97);
  record.epochs[2].validation = classified(0.1, 0.96);
  const TrialResult result = result_of(record);
  EXPECT_EQ(metric_value(result, Metric::validation_loss, 0.95), 0.1);
  EXPECT_EQ(metric_value(result, Metric::validation_accuracy, 0.95), 0.96);
  EXPECT_EQ(metric_value(result, Metric::best_validation_accuracy, 0.95), 0.97);
  EXPECT_EQ(metric_value(result, metric_named("best_epoch"), 0.95), 1) << "the first of equals";
  EXPECT_EQ(metric_value(result, Metric::train_loss, 0.95), record.epochs[2].train.at("loss"));
  EXPECT_EQ(metric_value(result, Metric::train_accuracy, 0.95),
            record.epochs[2].train.at("accuracy"));
  EXPECT_EQ(metric_value(result, Metric::test_loss, 0.95), record.test->at("loss"));
  EXPECT_EQ(metric_value(result, Metric::test_accuracy, 0.95), record.test->at("accuracy"));
}

TEST(MetricValue, IsAbsentWhereItWasNotEvaluated) {
  TrialRecord record = mock_record(0, 0);
  for (EpochRecord& epoch : record.epochs) epoch.validation = {{"loss", 0.5}};
  const TrialResult result = result_of(record);
  EXPECT_EQ(metric_value(result, Metric::validation_loss, 0.95), 0.5);
  for (const char* name : {"validation_accuracy", "best_validation_accuracy", "best_epoch"}) {
    EXPECT_FALSE(metric_value(result, metric_named(name), 0.95)) << name;
  }
  EXPECT_FALSE(arrival(record, 0.95)->arrived);
}

TEST(MetricValue, IsAbsentWhenDivergedFailedOrNotFinite) {
  TrialRecord diverged = mock_record(0, 0);
  diverge(diverged);
  TrialRecord failed;
  break_down(failed, "disk full");
  TrialRecord empty;
  for (const Metric metric : all_metrics()) {
    EXPECT_FALSE(metric_value(result_of(diverged), metric, 0.95)) << name(metric);
    EXPECT_FALSE(metric_value(result_of(failed), metric, 0.95)) << name(metric);
    EXPECT_FALSE(metric_value(result_of(empty), metric, 0.95)) << name(metric);
  }
  TrialRecord overflown = mock_record(0, 0);
  overflown.epochs.back().validation["loss"] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(metric_value(result_of(overflown), Metric::validation_loss, 0.95));
}

TEST(MetricValue, CountsTheExamplesThatTheTailPolicyTrainsOn) {
  TrialRecord record = mock_record(0, 0);
  record.train_seconds = 1;
  record.step_seconds.reset();
  record.train_examples = 100;
  struct Case {
    Tail tail;
    std::int64_t steps;
    double examples;
  };
  // 100 examples in batches of 30: 3 whole batches and 10 left over.
  for (const Case& setup :
       {Case{Tail::keep, 8, 200}, Case{Tail::drop, 6, 180}, Case{Tail::merge, 6, 200},
        Case{Tail::wrap, 8, 240}, Case{Tail::keep, 5, 130}}) {
    TrialResult result = result_of(record);
    result.trial.settings.batch = 30;
    result.trial.settings.tail = setup.tail;
    result.record.steps = setup.steps;
    EXPECT_EQ(metric_value(result, metric_named("examples_per_second"), 0.95), setup.examples)
        << "tail " << static_cast<int>(setup.tail) << ", " << setup.steps << " steps";
    EXPECT_EQ(metric_value(result, Metric::step_seconds, 0.95),
              1.0 / static_cast<double>(setup.steps));
  }
}

TEST(DomainOf, IsTheRangeWithWhatTheTrialsResolve) {
  const TrialResult result = result_of(mock_record(0, 0));
  TrialResult longer = result;
  longer.trial.settings.epochs = 7;
  longer.record.validation_examples = 100;
  TrialResult failed = longer;
  break_down(failed.record, "disk full");
  failed.trial.settings.epochs = 90;
  const std::vector<const TrialResult*> results = {&result, &longer, &failed};

  const Domain accuracy = domain_of(results, Metric::validation_accuracy);
  EXPECT_EQ(accuracy.range.low, 0);
  EXPECT_EQ(accuracy.range.high, 1);
  EXPECT_EQ(accuracy.resolution, 0.01) << "of the coarser one";
  EXPECT_EQ(domain_of(results, Metric::best_validation_accuracy).resolution, 0.01);
  EXPECT_EQ(domain_of(results, Metric::train_accuracy).resolution, 1.0 / 48000);
  EXPECT_EQ(domain_of(results, Metric::test_accuracy).resolution, 1.0 / 10000);

  const Domain epoch = domain_of(results, metric_named("best_epoch"));
  EXPECT_EQ(epoch.range.low, 1);
  EXPECT_EQ(epoch.range.high, 7) << "of the longer one";
  EXPECT_EQ(epoch.resolution, 1);
  const Domain steps = domain_of(results, Metric::steps_to_accuracy);
  EXPECT_EQ(steps.range.high, 7 * 750);
  EXPECT_EQ(steps.resolution, 750);
  longer.trial.settings.steps = 800;
  EXPECT_EQ(
      domain_of(std::vector<const TrialResult*>{&longer}, metric_named("best_epoch")).range.high,
      2);

  for (const Metric metric : {Metric::train_loss, Metric::step_seconds}) {
    const Domain positive = domain_of(results, metric);
    EXPECT_EQ(positive.range.low, 0) << name(metric);
    EXPECT_EQ(positive.range.high, Domain::kMost) << name(metric);
    EXPECT_EQ(positive.resolution, 0) << name(metric);
  }
  EXPECT_EQ(domain_of({}, Metric::test_accuracy).range.high, 1);
}

TEST(DomainOf, DifferencesReachFromLeastToMost) {
  const Domain difference_of_accuracies = difference({{0, 1}, 0.03}, {{0, 1}, 0.04});
  EXPECT_EQ(difference_of_accuracies.range.low, -1);
  EXPECT_EQ(difference_of_accuracies.range.high, 1);
  EXPECT_NEAR(difference_of_accuracies.resolution, 0.05, 1e-15);
  const Domain positive{possible_range(Metric::train_loss)};
  EXPECT_EQ(difference(positive, positive).range.low, -Domain::kMost);
  EXPECT_EQ(difference({}, {}).range.high, Domain::kMost) << "finite";
}

TEST(MetricValue, TimesAreByTheMedianStepWhereItWasKept) {
  TrialResult result = result_of(mock_record(0, 0));
  result.record.train_seconds = 2250 * 1237e-6;  // the machine was busy
  result.record.step_seconds = 26e-6;
  EXPECT_EQ(metric_value(result, Metric::step_seconds, 0.95), 26e-6);
  EXPECT_NEAR(*metric_value(result, metric_named("examples_per_second"), 0.95), 64 / 26e-6, 1);
  EXPECT_FALSE(has_mean_step_time(result.record));
  result.record.step_seconds.reset();
  EXPECT_NEAR(*metric_value(result, Metric::step_seconds, 0.95), 1237e-6, 1e-12);
  EXPECT_TRUE(has_mean_step_time(result.record));
}

TEST(MetricValue, IsMeasuredEvenWhenItIsNotFinite) {
  TrialRecord record = mock_record(0, 0);
  overflow(record);
  EXPECT_TRUE(std::isnan(*measured_value(result_of(record), Metric::validation_loss, 0.95)));
  EXPECT_TRUE(std::isinf(*measured_value(result_of(record), Metric::test_loss, 0.95)));
  EXPECT_FALSE(metric_value(result_of(record), Metric::test_loss, 0.95));
}

TEST(MetricValue, NoThresholdIsNeverReached) {
  EXPECT_FALSE(
      measured_value(result_of(mock_record(0, 0)), Metric::steps_to_accuracy, std::nullopt));
}

TEST(Arrival, IsTheEndOfTheFirstEpochAtTheThreshold) {
  TrialRecord record = mock_record(0, 0);
  record.epochs[1].validation["accuracy"] = 0.95;
  EXPECT_EQ(arrival(record, 0.95)->time, 1500) << "the threshold itself is enough";
  EXPECT_TRUE(arrival(record, 0.95)->arrived);
  EXPECT_EQ(arrival(record, 0.99)->time, 2250);
  EXPECT_FALSE(arrival(record, 0.99)->arrived);
}

TEST(Arrival, NeverComesAfterDivergence) {
  TrialRecord record = mock_record(3, 0);
  diverge(record);
  EXPECT_EQ(arrival(record, 0.95)->time, 750) << "it arrived before";
  EXPECT_EQ(metric_value(result_of(record), Metric::steps_to_accuracy, 0.95), 750);
  EXPECT_TRUE(std::isinf(arrival(record, 0.99)->time));
  EXPECT_FALSE(arrival(record, 0.99)->arrived);
  break_down(record, "disk full");
  EXPECT_FALSE(arrival(record, 0.95)) << "a failure says nothing";
}

}  // namespace
}  // namespace normlab
