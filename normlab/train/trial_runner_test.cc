#include "normlab/train/trial_runner.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/nn/safetensors.h"
#include "normlab/train/trial_test.h"

namespace normlab {
namespace {

class TrialRunnerTest : public TrialTest {};

TEST_F(TrialRunnerTest, LearnsAndRecordsEverything) {
  const TrialRecord record = run();
  EXPECT_EQ(record.status, TrialStatus::done);
  EXPECT_EQ(record.steps, 72);
  EXPECT_EQ(record.step_losses.size(), 72u);
  EXPECT_EQ(record.train_examples, 240);
  EXPECT_EQ(record.validation_examples, 60);
  EXPECT_EQ(record.test_examples, 60);
  ASSERT_EQ(record.epochs.size(), 3u);
  EXPECT_EQ(record.epochs[1].epoch, 2);
  EXPECT_EQ(record.epochs[1].steps, 48);
  EXPECT_LT(record.epochs[2].train.at("loss"), record.epochs[0].train.at("loss"));
  ASSERT_TRUE(record.test);
  EXPECT_GT(record.test->at("accuracy"), 0.9);
  EXPECT_GT(record.train_seconds, 0);
  EXPECT_GE(record.seconds, record.train_seconds);
  ASSERT_TRUE(record.step_seconds);
  EXPECT_GT(*record.step_seconds, 0);
  // At least half of the steps after the first ten took as long.
  EXPECT_LE(*record.step_seconds * 31, record.train_seconds);
  ASSERT_TRUE(record.validation_majority);
  EXPECT_GE(*record.validation_majority, 1.0 / 3);
  EXPECT_LT(*record.validation_majority, 0.6);
  // The epoch's training loss is the mean of its steps' losses: batches are of one size here.
  double sum = 0;
  for (int i = 0; i < 24; ++i)
    sum += static_cast<double>(record.step_losses[static_cast<std::size_t>(i)]);
  EXPECT_NEAR(record.epochs[0].train.at("loss"), sum / 24, 1e-6);
}

TEST_F(TrialRunnerTest, SameBitsForAnyNumberOfThreads) {
  settings_.model =
      "conv 9 3x3, norm, relu, maxpool 2, flatten, linear 16, norm, relu, dropout 0.1, linear 3";
  settings_.augment = {.crop = 2, .flip = Flip::random};
  const TrialRecord one = run(1);
  for (const int threads : {2, 3}) {
    const TrialRecord many = run(threads);
    EXPECT_EQ(one.step_losses, many.step_losses) << threads << " threads";
    EXPECT_EQ(one.test->at("loss"), many.test->at("loss"));
    EXPECT_EQ(format_safetensors(read_safetensors(one.checkpoint)),
              format_safetensors(read_safetensors(many.checkpoint)));
  }
}

TEST_F(TrialRunnerTest, TrainingImagesAloneAreAugmented) {
  settings_.model = "flatten, linear 16, relu, linear 3";
  settings_.optimizer.kind = OptimizerKind::sgd;
  settings_.optimizer.lr = 1e-30;  // weights stay
  const TrialRecord plain = run();
  settings_.augment = {.crop = 2, .flip = Flip::random};
  const TrialRecord augmented = run();
  EXPECT_NE(augmented.step_losses, plain.step_losses);
  EXPECT_EQ(augmented.epochs[2].validation.at("loss"), plain.epochs[2].validation.at("loss"));
  EXPECT_EQ(augmented.test->at("loss"), plain.test->at("loss"));
}

TEST_F(TrialRunnerTest, AnotherSeedIsAnotherTrial) {
  const TrialRecord first = run();
  settings_.seed = 2;
  EXPECT_NE(run().step_losses, first.step_losses);
}

TEST_F(TrialRunnerTest, StepsEndATrialWithinAnEpoch) {
  settings_.steps = 30;
  const TrialRecord record = run();
  EXPECT_EQ(record.steps, 30);
  ASSERT_EQ(record.epochs.size(), 2u);
  EXPECT_EQ(record.epochs[1].steps, 30);
}

TEST_F(TrialRunnerTest, ATrialOfOneStepHasATimeToo) {
  settings_.steps = 1;
  const TrialRecord record = run();
  ASSERT_TRUE(record.step_seconds);
  EXPECT_GT(*record.step_seconds, 0);
  EXPECT_LE(*record.step_seconds, record.train_seconds);
}

TEST_F(TrialRunnerTest, TheMajorityIsThatOfTheImagesThatValidate) {
  settings_.validation_is_test = true;
  EXPECT_EQ(run().validation_majority, 1.0 / 3);
}

TEST_F(TrialRunnerTest, DivergenceIsRecordedWithStepAndLayer) {
  settings_.norm.kind = NormKind::none;
  settings_.optimizer.kind = OptimizerKind::sgd;
  settings_.optimizer.lr = 1e30;
  const TrialRecord record = run();
  EXPECT_EQ(record.status, TrialStatus::diverged);
  ASSERT_TRUE(record.divergence);
  EXPECT_GE(record.divergence->step, 2);
  EXPECT_EQ(record.divergence->step, record.steps);
  EXPECT_FALSE(std::isfinite(record.step_losses.back()));
  EXPECT_THAT(record.divergence->layer, testing::AnyOf("1: linear 16", "4: linear 3"));
  EXPECT_FALSE(record.test);
  EXPECT_EQ(record.checkpoint, "");
}

/// The batch's own statistics keep training finite; the running ones cannot follow, and evaluation
/// with them is not finite.
TEST_F(TrialRunnerTest, AValidationThatIsNotFiniteIsADivergence) {
  settings_.init.gain = 1e22;
  settings_.optimizer.lr = 1e-30;
  const TrialRecord record = run();
  EXPECT_TRUE(std::isfinite(record.step_losses.back()));
  EXPECT_EQ(record.status, TrialStatus::diverged);
  ASSERT_TRUE(record.divergence);
  EXPECT_EQ(record.divergence->phase, TrialPhase::validation);
  EXPECT_EQ(record.divergence->step, 24);
  EXPECT_EQ(record.divergence->layer, "4: linear 3");
  EXPECT_EQ(record.steps, 24);
  EXPECT_TRUE(record.epochs.empty()) << "no epoch holds a number that is none";
  EXPECT_FALSE(record.test);
  EXPECT_FALSE(record.predictions);
  EXPECT_EQ(record.checkpoint, "");
  ASSERT_EQ(record.lost_statistics.size(), 1u);
  EXPECT_EQ(record.lost_statistics[0].layer, "2");
  EXPECT_EQ(record.lost_statistics[0].updates, 24 * 16);
}

TEST_F(TrialRunnerTest, ATestThatIsNotFiniteIsADivergence) {
  settings_.norm.kind = NormKind::none;
  settings_.input_scale = InputScale::zero_to_one;
  settings_.init.gain = 1e25;
  settings_.optimizer.lr = 1e-30;
  // Black images leave the biases alone, which are small.
  std::ranges::fill(data_.train.pixels, std::uint8_t{0});
  std::ranges::fill(data_.test.pixels, std::uint8_t{255});
  const TrialRecord record = run();
  EXPECT_EQ(record.status, TrialStatus::diverged);
  ASSERT_TRUE(record.divergence);
  EXPECT_EQ(record.divergence->phase, TrialPhase::test);
  EXPECT_EQ(record.divergence->step, 72);
  EXPECT_EQ(record.epochs.size(), 3u);
  EXPECT_FALSE(record.test);
  EXPECT_FALSE(record.predictions);
  EXPECT_EQ(record.checkpoint, "");
}

TEST_F(TrialRunnerTest, AFiniteTrialLosesNoStatistics) {
  EXPECT_TRUE(run().lost_statistics.empty());
}

TEST_F(TrialRunnerTest, PatienceEndsATrialAfterItsLastBetterEpoch) {
  settings_.epochs = 60;
  const TrialRecord whole = run();
  settings_.patience = 4;
  const TrialRecord record = run();
  ASSERT_TRUE(record.stopped_early);
  EXPECT_FALSE(whole.stopped_early);
  const std::size_t epochs = record.epochs.size();
  EXPECT_LT(epochs, 60u);
  EXPECT_EQ(record.steps, 24 * std::ssize(record.epochs));
  EXPECT_EQ(record.status, TrialStatus::done);
  EXPECT_TRUE(record.test);
  EXPECT_TRUE(
      std::equal(record.step_losses.begin(), record.step_losses.end(), whole.step_losses.begin()))
      << "until there it is the same trial";
  for (std::size_t i = epochs - 4; i < epochs; ++i) {
    EXPECT_LE(record.epochs[i].validation.at("accuracy"),
              record.epochs[epochs - 5].validation.at("accuracy"));
  }
}

TEST_F(TrialRunnerTest, ASubsetTrainsOnFewerAndValidatesOnTheSame) {
  settings_.subset = 50;
  const TrialRecord record = run();
  EXPECT_EQ(record.train_examples, 50);
  EXPECT_EQ(record.validation_examples, 60);
  EXPECT_EQ(record.steps, 15);
  settings_.subset = 240;
  const TrialRecord all = run();
  settings_.subset = 0;
  EXPECT_EQ(all.step_losses, run().step_losses);
}

TEST_F(TrialRunnerTest, EvaluationOnMirroredImagesAsWellChangesNoTraining) {
  settings_.steps = 4;
  const TrialRecord plain = run();
  settings_.eval_flip = true;
  const TrialRecord both = run();
  EXPECT_EQ(both.step_losses, plain.step_losses);
  EXPECT_NE(both.test->at("loss"), plain.test->at("loss"));
  EXPECT_NE(both.epochs[0].validation.at("loss"), plain.epochs[0].validation.at("loss"));
  ASSERT_TRUE(both.predictions);
  int correct = 0;
  for (std::size_t i = 0; i < 60; ++i)
    correct += both.predictions->labels[i] == data_.test.labels[i] ? 1 : 0;
  EXPECT_EQ(correct / 60.0, both.test->at("accuracy")) << "predictions are the averaged answers";
}

TEST_F(TrialRunnerTest, GoesOnFromItsCheckpoint) {
  const TrialRecord first = run();
  settings_.init.method = InitMethod::file;
  settings_.init.file = first.checkpoint;
  settings_.optimizer.lr = 1e-30;
  settings_.optimizer.kind = OptimizerKind::sgd;
  settings_.norm.stat_update = 1e-30;
  const TrialRecord second = run(2);
  EXPECT_EQ(second.test->at("loss"), first.test->at("loss"));
}

TEST_F(TrialRunnerTest, RefusesAnInitFileOfAnotherModel) {
  settings_.init.file = run().checkpoint;
  settings_.init.method = InitMethod::file;
  settings_.model = "flatten, linear 17, norm, relu, linear 3";
  EXPECT_THROW(check_trial(settings_, data_), RequestError);
}

TEST_F(TrialRunnerTest, KeepsTheBestEpochWhenAsked) {
  settings_.checkpoint = CheckpointPolicy::best;
  const TrialRecord record = run();
  const TensorFile file = read_safetensors(record.checkpoint);
  EXPECT_EQ(file.metadata.at("normlab.layers"), settings_.model);
  settings_.checkpoint = CheckpointPolicy::none;
  EXPECT_EQ(run(3).checkpoint, "");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "c3.safetensors"));
}

TEST_F(TrialRunnerTest, PredictionsAreTheAnswersThatTheTestAccuracyCounts) {
  settings_.steps = 4;
  const TrialRecord record = run();
  ASSERT_TRUE(record.predictions);
  const Predictions& predictions = *record.predictions;
  ASSERT_EQ(predictions.labels.size(), 60u);
  ASSERT_EQ(predictions.probabilities.size(), 60u);
  int correct = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    correct += predictions.labels[i] == data_.test.labels[i];
    EXPECT_GE(predictions.probabilities[i], 1.0f / 3);
    EXPECT_LE(predictions.probabilities[i], 1);
  }
  EXPECT_EQ(correct / 60.0, record.test->at("accuracy"));
  EXPECT_LT(correct, 60) << "else right and wrong answers would look the same";
}

TEST_F(TrialRunnerTest, PredictionsAreKeptWhenAskedForAlone) {
  settings_.steps = 4;
  const TrialRecord without = run_trial(settings_, data_, {});
  EXPECT_FALSE(without.predictions);
  EXPECT_EQ(without.test->at("loss"), run().test->at("loss"));
}

TEST_F(TrialRunnerTest, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  TrialContext context;
  context.stop = source.get_token();
  EXPECT_THROW(run_trial(settings_, data_, context), Interrupted);
}

class ResumeOptimizerTest : public ResumeTest, public testing::WithParamInterface<OptimizerKind> {};

TEST_P(ResumeOptimizerTest, EndsWithTheSameBitsAsIfNeverInterrupted) {
  settings_.model = "flatten, linear 16, norm, relu, dropout 0.2, linear 3";
  settings_.optimizer.kind = GetParam();
  settings_.optimizer.momentum = 0.9;
  settings_.optimizer.schedule.kind = ScheduleKind::cosine;
  settings_.augment = {.crop = 1, .flip = Flip::alternate};
  settings_.checkpoint = CheckpointPolicy::best;
  const TrialRecord whole = run();
  // In the first epoch nothing is kept yet; then once in the second and once in the third.
  EXPECT_FALSE(run_until(10));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "progress"));
  EXPECT_FALSE(run_until(30));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "progress"));
  EXPECT_FALSE(run_until(60));
  const std::optional<TrialRecord> resumed = run_until(1000);
  ASSERT_TRUE(resumed);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "progress"));
  EXPECT_EQ(resumed->step_losses, whole.step_losses);
  EXPECT_EQ(resumed->test->at("loss"), whole.test->at("loss"));
  ASSERT_EQ(resumed->epochs.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(resumed->epochs[i].train.at("loss"), whole.epochs[i].train.at("loss"));
    EXPECT_EQ(resumed->epochs[i].validation.at("loss"), whole.epochs[i].validation.at("loss"));
  }
  EXPECT_EQ(format_safetensors(read_safetensors(resumed->checkpoint)),
            format_safetensors(read_safetensors(whole.checkpoint)));
}

INSTANTIATE_TEST_SUITE_P(Optimizers, ResumeOptimizerTest,
                         testing::Values(OptimizerKind::sgd, OptimizerKind::adam));

/// What is counted goes on where it was.
TEST_F(ResumeTest, StatisticsThatWereLostBeforeCount) {
  settings_.model = "flatten, linear 16, linear 3, norm";
  settings_.init.gain = 1e11;  // of either layer
  settings_.optimizer.lr = 1e-30;
  const TrialRecord whole = run();
  ASSERT_FALSE(whole.lost_statistics.empty());
  ASSERT_EQ(whole.status, TrialStatus::done) << "large numbers, but numbers";
  EXPECT_FALSE(run_until(30));
  const std::optional<TrialRecord> resumed = run_until(1000);
  ASSERT_TRUE(resumed);
  ASSERT_EQ(resumed->lost_statistics.size(), whole.lost_statistics.size());
  EXPECT_EQ(resumed->lost_statistics[0].updates, whole.lost_statistics[0].updates);
}

TEST_F(ResumeTest, PatienceCountsTheEpochsBefore) {
  settings_.epochs = 60;
  settings_.patience = 4;
  const TrialRecord whole = run();
  EXPECT_FALSE(run_until(24 * std::ssize(whole.epochs) - 30));
  const std::optional<TrialRecord> resumed = run_until(100'000);
  ASSERT_TRUE(resumed);
  EXPECT_EQ(resumed->epochs.size(), whole.epochs.size());
  EXPECT_EQ(resumed->step_losses, whole.step_losses);
}

TEST_F(ResumeTest, ADamagedStateIsNotUsed) {
  const TrialRecord whole = run();
  EXPECT_FALSE(run_until(30));
  std::filesystem::resize_file(folder_ / "progress", 100);
  EXPECT_EQ(run_until(1000)->step_losses, whole.step_losses);
}

TEST_F(ResumeTest, AStateOfAnotherNetworkIsNotUsed) {
  EXPECT_FALSE(run_until(30));
  settings_.model = "flatten, linear 17, norm, relu, linear 3";
  const TrialRecord whole = run();
  EXPECT_EQ(run_until(1000)->step_losses, whole.step_losses);
}

/// Counts its calls.
class Counter : public TrialObserver {
 public:
  void on_step(std::int64_t step, std::int64_t total) override {
    EXPECT_EQ(step, ++steps);
    EXPECT_EQ(total, 72);
  }
  void on_epoch(const EpochRecord& epoch, std::int64_t total) override {
    EXPECT_EQ(epoch.epoch, ++epochs);
    EXPECT_EQ(total, 3);
  }
  std::int64_t steps = 0;
  std::int64_t epochs = 0;
};

TEST_F(TrialRunnerTest, TellsItsObserver) {
  Counter counter;
  TrialContext context;
  context.observer = &counter;
  run_trial(settings_, data_, context);
  EXPECT_EQ(counter.steps, 72);
  EXPECT_EQ(counter.epochs, 3);
}

}  // namespace
}  // namespace normlab
