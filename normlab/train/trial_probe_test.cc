#include "normlab/train/trial_probe.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/nn/safetensors.h"
#include "normlab/train/probe_document.h"
#include "normlab/train/trial_test.h"

namespace normlab {
namespace {

using testing::ElementsAre;

class TrialProbeTest : public TrialTest {};

class ProbedTrialTest : public TrialTest, public testing::WithParamInterface<const char*> {};

TEST_P(ProbedTrialTest, TrainsTheSameBitsAsWithoutAProbe) {
  settings_.model = GetParam();
  const TrialRecord plain = run(1);
  ASSERT_FALSE(plain.probe);
  const auto plain_weights = format_safetensors(read_safetensors(plain.checkpoint));
  for (const int threads : {1, 2}) {
    const TrialRecord probed = run(threads, 7);
    ASSERT_TRUE(probed.probe);
    EXPECT_EQ(probed.step_losses, plain.step_losses);
    EXPECT_EQ(probed.test->at("loss"), plain.test->at("loss"));
    EXPECT_EQ(probed.predictions->probabilities, plain.predictions->probabilities);
    ASSERT_EQ(probed.epochs.size(), plain.epochs.size());
    for (std::size_t i = 0; i < plain.epochs.size(); ++i)
      EXPECT_EQ(probed.epochs[i].validation.at("loss"), plain.epochs[i].validation.at("loss"));
    // Weights and running statistics.
    EXPECT_EQ(format_safetensors(read_safetensors(probed.checkpoint)), plain_weights);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Models, ProbedTrialTest,
    testing::Values("flatten, linear 16, norm, relu, dropout 0.3, linear 3",
                    "conv 5 3x3, relu, norm, maxpool 2, dropout 0.1, flatten, linear 3"));

TEST_F(TrialProbeTest, LooksAtTheStartEveryFewStepsAndAtTheEnd) {
  EXPECT_THAT(run(1, 25).probe->steps, ElementsAre(0, 25, 50, 72));
  EXPECT_THAT(run(1, 24).probe->steps, ElementsAre(0, 24, 48, 72));
  const ProbeRecord rare = *run(1, 1000).probe;
  EXPECT_THAT(rare.steps, ElementsAre(0, 72));
  EXPECT_EQ(rare.interval, 1000);
  EXPECT_EQ(rare.examples, 10);
  EXPECT_EQ(rare.example.layer, "2: norm");
  EXPECT_EQ(rare.example.x.size(), 10u);
}

TEST_F(TrialProbeTest, AProbeTellsWhereAStepSpendsItsTime) {
  for (const std::int64_t interval : {10, 1000}) {
    const ProbeRecord probe = *run(1, interval).probe;
    std::vector<std::string> kinds;
    for (const KindTime& time : probe.times) kinds.push_back(time.kind);
    EXPECT_THAT(kinds, testing::IsSupersetOf({"linear", "norm", "loss", "optimizer"}));
    EXPECT_THAT(kinds, testing::Not(testing::Contains("relu"))) << "done in the norm's loops";
    double total = 0;
    for (const KindTime& time : probe.times) total += time.seconds;
    EXPECT_GT(total, 0);
  }
}

TEST_F(TrialProbeTest, AProbeSeesWhatTrainingDoes) {
  settings_.norm.stat_update = 0.5;
  const ProbeRecord probe = *run(1, 24).probe;
  const ProbedLayer& gamma = layers_of(probe, "gamma")[0];
  EXPECT_THAT(gamma.values.front(), testing::Each(1));
  EXPECT_NE(gamma.values.back(), gamma.values.front());
  const ProbedLayer& distance = layers_of(probe, "log_variance_distance")[0];
  EXPECT_LT(distance.values.back()[0], distance.values.front()[0])
      << "running statistics start at 0 and 1 and come to fit";
  EXPECT_GT(layers_of(probe, "norm")[1].values.front()[0], 0);
}

TEST_F(TrialProbeTest, ADivergedTrialHasItsProbe) {
  settings_.optimizer.kind = OptimizerKind::sgd;
  settings_.optimizer.lr = 1e30;
  for (const NormKind norm : {NormKind::none, NormKind::batch}) {
    settings_.norm.kind = norm;
    for (const std::int64_t interval : {1, 100}) {
      const TrialRecord record = run(1, interval);
      EXPECT_TRUE(record.divergence || norm == NormKind::batch);
      ASSERT_TRUE(record.probe);
      const std::vector<std::int64_t> steps = record.probe->steps;
      EXPECT_EQ(std::ranges::adjacent_find(steps, std::ranges::greater_equal()), steps.end());
      EXPECT_EQ(steps.front(), 0);
      EXPECT_EQ(steps.back(), record.divergence ? record.steps - 1 : record.steps);
    }
  }
}

TEST_F(TrialProbeTest, ValidationOnTestImagesIsProbedThere) {
  settings_.validation_is_test = true;
  settings_.batch = 100;
  EXPECT_EQ(run(1, 5).probe->examples, 60);
}

/// All but the times, which no run repeats.
std::vector<std::byte> without_times(ProbeRecord probe) {
  probe.times.clear();
  probe.seconds = 0;
  return to_document(probe);
}

class ProbeResumeTest : public ResumeTest {};

TEST_F(ProbeResumeTest, TheProbeRecordIsThatOfAnUninterruptedTrial) {
  settings_.model = "flatten, linear 16, norm, relu, dropout 0.2, linear 3";
  // A probe step at the very step where the trial goes on (24, 48), and not.
  for (const std::int64_t interval : {8, 7, 1000}) {
    const TrialRecord whole = run(1, interval);
    for (const std::int64_t stop : {10, 24, 30, 60}) EXPECT_FALSE(run_until(stop, interval));
    const std::optional<TrialRecord> resumed = run_until(1000, interval);
    ASSERT_TRUE(resumed && resumed->probe);
    EXPECT_EQ(without_times(*resumed->probe), without_times(*whole.probe)) << interval;
    // Which kinds take too little to be told is a matter of time.
    EXPECT_FALSE(resumed->probe->times.empty());
    EXPECT_EQ(resumed->step_losses, whole.step_losses);
  }
}

TEST_F(ProbeResumeTest, AnotherProbeIntervalBeginsAnewAndNoneForgets) {
  const TrialRecord whole = run();
  EXPECT_FALSE(run_until(30, 8));
  EXPECT_FALSE(run_until(60, 10));
  const std::optional<TrialRecord> resumed = run_until(1000, 10);
  EXPECT_THAT(resumed->probe->steps, ElementsAre(24, 30, 40, 50, 60, 70, 72));
  EXPECT_EQ(resumed->step_losses, whole.step_losses);

  EXPECT_FALSE(run_until(30, 8));
  EXPECT_FALSE(run_until(1000)->probe);
}

}  // namespace
}  // namespace normlab
