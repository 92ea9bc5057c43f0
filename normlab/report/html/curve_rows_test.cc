#include "normlab/report/html/curve_rows.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>

#include "normlab/report/html/report_input_test.h"

namespace normlab {
namespace {

MockStudy with_losses(std::size_t steps, std::uint64_t seeds) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, seeds);
  for (TrialResult& result : mock.results) {
    result.record.step_losses = mock_losses(steps, result.trial.settings.seed, result.trial.arm);
  }
  return mock;
}

TEST(CurveRows, PlacesOnTheAxisFollowTheClockOfTheTrial) {
  const ReportInput input = make_input(with_losses(2250, 1));
  const Json rows = step_rows(input);
  const Json& last = *(rows.end() - 1);
  EXPECT_EQ(last["arm"], "norm=batch");
  EXPECT_EQ(last["step"], 2250);
  EXPECT_EQ(last["epoch"], 3) << "750 steps each";
  EXPECT_NEAR(last["seconds"].get<double>(), input.results[1].record.train_seconds, 1e-5)
      << "six digits";
}

TEST(CurveRows, MeanIsOverTrialsThatRanToTheirEnd) {
  MockStudy mock = with_losses(10, 3);
  diverge(mock.record(0, 2));
  mock.record(0, 2).step_losses.resize(4);
  const Json rows = step_mean_rows(make_input(mock));
  EXPECT_EQ(rows[0]["n"], 2);
  const double expected =
      (double(mock.record(0, 1).step_losses[0]) + double(mock.record(0, 3).step_losses[0])) / 2;
  EXPECT_NEAR(rows[0]["loss"].get<double>(), expected, 1e-5) << "six digits";
  int of_baseline = 0;
  for (const Json& row : rows) of_baseline += row["arm"] == "norm=none" ? 1 : 0;
  EXPECT_EQ(of_baseline, 10) << "the diverged trial does not end the mean";
}

TEST(CurveRows, AnArmThatDivergedHasTracesButNoMean) {
  MockStudy mock = with_losses(10, 1);
  diverge(mock.record(0, 1));
  mock.record(0, 1).step_losses.back() = std::numeric_limits<float>::infinity();
  const ReportInput input = make_input(mock);
  EXPECT_EQ(step_mean_rows(input)[0]["arm"], "norm=batch");
  EXPECT_EQ(step_rows(input)[0]["arm"], "norm=none");
  const Json divergences = divergence_rows(input);
  ASSERT_EQ(divergences.size(), 1u);
  EXPECT_EQ(divergences[0]["step"], 901);
  EXPECT_NEAR(divergences[0]["loss"].get<double>(), double(mock.record(0, 1).step_losses[8]), 1e-5)
      << "the last finite one, six digits";
}

TEST(CurveRows, EpochMeansAreThoseOfTheComparison) {
  const ReportInput input = make_input(mock_study({"norm=none", "norm=batch"}, 5));
  const Json rows = epoch_mean_rows(input);
  ASSERT_EQ(rows.size(), 6u);
  const double mean = *input.comparison.arms[0][Metric::validation_accuracy].mean;
  EXPECT_NEAR(rows[2]["validation_accuracy"].get<double>(), mean, 1e-6) << "six digits";
  EXPECT_LT(rows[2]["validation_accuracy_low"], rows[2]["validation_accuracy"]);
  EXPECT_GT(rows[2]["validation_accuracy_high"], rows[2]["validation_accuracy"]);
}

TEST(CurveRows, MeansEndWithTheTrialThatEndsFirst) {
  MockStudy mock = with_losses(10, 3);
  mock.record(0, 2).step_losses.resize(4);
  mock.record(0, 2).epochs.resize(2);
  const ReportInput input = make_input(mock);
  const auto rows_of_baseline = [](const Json& rows) {
    int count = 0;
    for (const Json& row : rows) {
      if (row["arm"] != "norm=none") continue;
      EXPECT_EQ(row["n"], 3) << "no seed is left out";
      ++count;
    }
    return count;
  };
  EXPECT_EQ(rows_of_baseline(step_mean_rows(input)), 4);
  EXPECT_EQ(rows_of_baseline(epoch_mean_rows(input)), 2);
}

TEST(CurveRows, BudgetsBoundTheRows) {
  MockStudy mock = with_losses(5000, 4);
  for (TrialResult& result : mock.results) {
    for (int epoch = 4; epoch <= 500; ++epoch) {
      EpochRecord record = result.record.epochs[2];
      record.epoch = epoch;
      record.steps = 750 * epoch;
      record.validation["loss"] = epoch == 250 ? 9 : 0.1;
      result.record.epochs.push_back(record);
    }
  }
  const ReportInput input = make_input(mock);
  RowBudget budget;
  budget.trace_points = 800;
  budget.bins = 100;
  budget.epochs = 800;
  EXPECT_LE(step_rows(input, budget).size(), 800u);
  EXPECT_LE(step_mean_rows(input, budget).size(), 100u);
  const Json epochs = epoch_rows(input, budget);
  EXPECT_LE(epochs.size(), 800u);
  int spikes = 0;
  for (const Json& row : epochs) spikes += row["validation_loss"] == 9 ? 1 : 0;
  EXPECT_EQ(spikes, 8) << "one in each trial, none lost";
}

}  // namespace
}  // namespace normlab
