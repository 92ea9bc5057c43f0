// Drives grid, scheduler, store, resume, statistics and tables with a trainer of known outcomes.

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <stop_token>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "normlab/base/error.h"
#include "normlab/lab/comparison.h"
#include "normlab/lab/grid_study.h"
#include "normlab/lab/runner.h"
#include "normlab/report/html/answer.h"
#include "normlab/report/html/conclusions.h"
#include "normlab/report/json.h"
#include "normlab/report/snapshot.h"
#include "normlab/report/table.h"
#include "normlab/store/store_ledger.h"

namespace normlab {
namespace {

constexpr int kEpochs = 3;

/// What the seed does to a trial, the same for every arm: in [-1, 1].
double luck(std::uint64_t seed) {
  return static_cast<double>(seed * 3 % 7) / 3 - 1;
}

/// Batch norm is worth 2 points at batch 32 and 1 at batch 64; without it seed 4 diverges at
/// batch 64.
TrialRecord known_outcome(const TrialSettings& settings) {
  const bool normed = settings.norm.kind == NormKind::batch;
  TrialRecord record;
  record.train_examples = 48000;
  record.validation_examples = 12000;
  record.test_examples = 10000;
  record.train_seconds = normed ? 1.1 : 1.0;
  record.seconds = 1.5;
  record.validation_majority = 0.11;
  const double gain = normed ? 0.64 / static_cast<double>(settings.batch) : 0;
  const std::int64_t steps = 48000 / settings.batch;
  for (int epoch = 1; epoch <= kEpochs; ++epoch) {
    const double accuracy = 0.92 + 0.01 * epoch + gain + 0.002 * luck(settings.seed);
    record.epochs.push_back({.epoch = epoch,
                             .steps = epoch * steps,
                             .train = {{"loss", 1 - accuracy}, {"accuracy", accuracy}},
                             .validation = {{"loss", 1.5 * (1 - accuracy)}, {"accuracy", accuracy}},
                             .seconds = record.train_seconds / kEpochs});
  }
  record.steps = kEpochs * steps;
  record.step_seconds = record.train_seconds / static_cast<double>(record.steps);
  if (!normed && settings.batch == 64 && settings.seed == 4) {
    record.status = TrialStatus::diverged;
    record.divergence = Divergence{record.epochs.front().steps + 7, "1: linear 128"};
    record.epochs.resize(1);
    record.steps = record.divergence->step;
  } else {
    record.test = Evaluation{{"loss", 0.1},
                             {"accuracy", record.epochs.back().validation.at("accuracy") - 0.001}};
  }
  record.step_losses.assign(static_cast<std::size_t>(record.steps), 0.25f);
  return record;
}

/// As the network ends that always gives the same answer.
void learn_nothing(TrialRecord& record) {
  for (EpochRecord& epoch : record.epochs) epoch.validation = {{"loss", 2.3}, {"accuracy", 0.11}};
  if (record.test) record.test = Evaluation{{"loss", 2.3}, {"accuracy", 0.11}};
}

class MockTrainer : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              fmt::format("normlab-mock-{}-{}", test->name(), getpid());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static Study study() {
    const std::vector<std::string> grid = {"batch=32,64", "norm=none,batch", "seed=1..6",
                                           "epochs=3"};
    return make_study(parse_grid("mlp-128-64", grid),
                      [](const TrialSettings&) {
                        return TrialContents{"linear 3, norm", "data", ""};
                      })
        .study;
  }

  std::vector<TrialResult> run(int jobs, const TrainFunction& train, std::stop_token stop = {}) {
    Datasets datasets;
    datasets["glyphs"].name = "glyphs";
    Store store(folder_, Database::Access::write);
    store.save_study({.study = study_, .command = "mlp-128-64", .data = kData});
    StoreLedger ledger(store, folder_, "{}", false);
    return run_study(study_, datasets, {.jobs = jobs, .ledger = &ledger, .stop = std::move(stop)},
                     train);
  }

  /// As `normlab report` reads it.
  ReportInput stored_input() {
    Store store(folder_, Database::Access::read);
    const StoredStudy stored = store.find_study("mlp-128-64");
    ReportInput input;
    input.study = stored.study;
    input.results = store.results(stored.study);
    input.comparison = compare(input.study, input.results,
                               {.threshold = stored.threshold, .primary = stored.primary});
    input.data = stored.data;
    return input;
  }
  std::string stored_table() {
    const ReportInput input = stored_input();
    return comparison_table(input.comparison, input.data);
  }

  const std::vector<DataFacts> kData = {{"glyphs", "5eed", true, 48000, 12000, 10000}};
  std::filesystem::path folder_;
  Study study_ = study();
};

TEST_F(MockTrainer, FromTheGridToTheTable) {
  const auto results = run(
      3, [](const auto& settings, const auto&, const auto&) { return known_outcome(settings); });
  ASSERT_EQ(results.size(), 24u);
  const std::string table = stored_table();
  EXPECT_EQ(table, snapshot("grid.txt", table));
  const Comparison comparison = compare(study_, results);
  EXPECT_EQ(table, comparison_table(comparison, kData)) << "stored and fresh results say the same";
  const auto contrast = std::ranges::find_if(comparison.contrasts, [](const Contrast& c) {
    return c.arm == 1 && c.metric == Metric::validation_accuracy;
  });
  ASSERT_TRUE(contrast != comparison.contrasts.end() && contrast->difference);
  EXPECT_NEAR(*contrast->difference, 0.02, 1e-12);
}

/// Stopped again and again, each time after some more trials, one of them in its middle: in the end
/// no trial was finished twice and the table is that of a run that nobody stopped.
TEST_F(MockTrainer, StoppedAndTakenUpAgainItSaysTheSame) {
  std::atomic<int> finished = 0;
  int runs = 0;
  for (std::size_t done = 0; done < study_.trials.size(); ++runs) {
    ASSERT_LT(runs, 30);
    std::stop_source stop;
    std::atomic<int> started = 0;
    const auto train = [&](const TrialSettings& settings, const Dataset&,
                           const TrialContext& context) {
      std::ofstream(context.resume_path) << "half";
      if (++started == 3 + runs) {
        stop.request_stop();
        throw Interrupted("interrupted");
      }
      std::filesystem::remove(context.resume_path);
      ++finished;
      return known_outcome(settings);
    };
    done = run(2, train, stop.get_token()).size();
  }
  EXPECT_GT(runs, 3);
  EXPECT_EQ(finished, 24);
  const std::string table = stored_table();
  EXPECT_EQ(table, snapshot("grid.txt", table));
}

TEST_F(MockTrainer, WhatIsThereAfterAnInterruptionIsPaired) {
  for (const int stop_after : {1, 5, 6, 11, 18}) {
    std::filesystem::remove_all(folder_);
    std::stop_source stop;
    int finished = 0;
    const auto results = run(
        1,
        [&](const TrialSettings& settings, const Dataset&, const TrialContext&) {
          if (++finished == stop_after) stop.request_stop();
          return known_outcome(settings);
        },
        stop.get_token());
    ASSERT_EQ(results.size(), static_cast<std::size_t>(stop_after));
    std::array<int, 4> of_arm{};
    for (const TrialResult& result : results) ++of_arm[result.trial.arm];
    EXPECT_LE(std::ranges::max(of_arm) - std::ranges::min(of_arm), 1) << stop_after;
  }
}

// In half of the cells one arm does not train at all, in one neither does: through the store, the
// headline counts no win for that.
TEST_F(MockTrainer, CellsThatFailedAreToldApart) {
  run(2, [](const TrialSettings& settings, const Dataset&, const TrialContext&) {
    TrialRecord record = known_outcome(settings);
    if (settings.batch == 32 && settings.norm.kind == NormKind::none) learn_nothing(record);
    return record;
  });
  std::string headline = answer(stored_input()).front().text;
  EXPECT_THAT(headline, testing::HasSubstr("better in 1, worse in 0; only with batch normalization "
                                           "it trains in 1; in 0 nothing can be told"));
  EXPECT_THAT(stored_table(), testing::HasSubstr("6 of 6 at"));

  std::filesystem::remove_all(folder_);
  run(2, [](const TrialSettings& settings, const Dataset&, const TrialContext&) {
    TrialRecord record = known_outcome(settings);
    if (record.status == TrialStatus::done) learn_nothing(record);
    return record;
  });
  headline = answer(stored_input()).front().text;
  EXPECT_THAT(headline, testing::HasSubstr("better in 0, worse in 0; in 2 nothing trained either "
                                           "way; in 0 nothing can be told"));
}

// Without batch normalization half of the seeds collapse; where both train there is no difference.
TEST_F(MockTrainer, ACollapseIsNoDifferenceInAccuracy) {
  run(2, [](const TrialSettings& settings, const Dataset&, const TrialContext&) {
    TrialSettings same = settings;
    same.batch = 64;
    same.norm.kind = NormKind::batch;
    TrialRecord record = known_outcome(same);
    record.epochs.back().validation["accuracy"] +=
        1e-3 * luck(settings.seed + (settings.batch == 32));
    if (settings.norm.kind == NormKind::none && settings.seed % 2 == 0) learn_nothing(record);
    return record;
  });
  const ReportInput input = stored_input();
  const Contrast& contrast = find_contrast(input.comparison, 1, Metric::validation_accuracy);
  EXPECT_EQ(contrast.n, 3u);
  EXPECT_NEAR(*contrast.difference, 0, 1e-9) << "25 points over all seeds";
  EXPECT_NEAR(*find_trained(input.comparison, 1).difference, 0.5, 1e-12);
}

TEST_F(MockTrainer, LossesThatAreNoNumbersAreCountedThroughTheStore) {
  run(2, [](const TrialSettings& settings, const Dataset&, const TrialContext&) {
    TrialRecord record = known_outcome(settings);
    if (settings.seed < 4) record.epochs.back().validation["loss"] = std::nan("");
    return record;
  });
  const ReportInput input = stored_input();
  const MetricSummary& loss = input.comparison.arms[0][Metric::validation_loss];
  EXPECT_EQ(loss.n, 3u);
  EXPECT_EQ(loss.not_finite, 3u);
  EXPECT_THAT(stored_table(), testing::HasSubstr("(3 of 6 not finite)"));
}

// The machine was busy for the first half of the study: no sentence makes a verdict of it.
TEST_F(MockTrainer, ABusyHalfOfTheDayIsNoFindingOnNormalization) {
  int run_so_far = 0;
  run(1, [&](const TrialSettings& settings, const Dataset&, const TrialContext&) {
    TrialRecord record = known_outcome(settings);
    record.step_seconds = ++run_so_far <= 12 ? 300e-6 : 26e-6;
    return record;
  });
  const ReportInput input = stored_input();
  const Contrast& contrast = find_contrast(input.comparison, 1, Metric::step_seconds);
  EXPECT_NEAR(*contrast.difference, 0, 1e-9) << "the arms shared the busy half";
  for (const Finding& finding : shown(input)) {
    if (finding.text.find("a step took") == std::string::npos) continue;
    EXPECT_EQ(finding.verdict, Verdict::fact);
  }
}

TEST_F(MockTrainer, AFailureIsCountedAndTriedAgain) {
  const auto results =
      run(2, [](const TrialSettings& settings, const Dataset&, const TrialContext&) {
        if (settings.seed == 2 && settings.batch == 32) throw Error("no space left");
        return known_outcome(settings);
      });
  EXPECT_THAT(comparison_table(compare(study_, results), kData),
              testing::HasSubstr("1 of 6 failed"));
  int again = 0;
  run(1, [&](const TrialSettings& settings, const Dataset&, const TrialContext&) {
    ++again;
    return known_outcome(settings);
  });
  EXPECT_EQ(again, 2);
  const std::string table = stored_table();
  EXPECT_EQ(table, snapshot("grid.txt", table));
}

}  // namespace
}  // namespace normlab
