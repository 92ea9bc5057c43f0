#include "normlab/train/trial_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error_test.h"
#include "normlab/train/test_data.h"

namespace normlab {
namespace {

TrialSettings settings() {
  TrialSettings settings;
  settings.model = "flatten, linear 8, norm, relu, linear 3";
  settings.batch = 8;
  return settings;
}

TEST(TrialPlan, CountsExamplesStepsAndEpochs) {
  const Dataset data = make_test_data(100, 30);
  TrialSettings s = settings();
  const TrialPlan plan = plan_trial(s, data);
  EXPECT_EQ(plan.train_examples, 80);
  EXPECT_EQ(plan.validation_examples, 20);
  EXPECT_EQ(plan.total_steps, 50);
  EXPECT_EQ(plan.total_epochs, 5);
  s.steps = 23;
  EXPECT_EQ(plan_trial(s, data).total_steps, 23);
  EXPECT_EQ(plan_trial(s, data).total_epochs, 3);
  s.validation_is_test = true;
  EXPECT_EQ(plan_trial(s, data).train_examples, 100);
  EXPECT_EQ(plan_trial(s, data).validation_examples, 30);
}

TEST(TrialPlan, ASubsetTakesOfWhatIsLeftToTrainOn) {
  const Dataset data = make_test_data(100, 30);
  TrialSettings s = settings();
  s.tail = Tail::drop;
  s.subset = 40;
  EXPECT_EQ(plan_trial(s, data).train_examples, 40);
  EXPECT_EQ(plan_trial(s, data).validation_examples, 20);
  EXPECT_EQ(plan_trial(s, data).total_steps, 25);
  EXPECT_EQ(split_trial(s, data).train.size(), 40u);
  s.subset = 80;
  EXPECT_EQ(plan_trial(s, data).train_examples, 80);
  s.subset = 81;
  EXPECT_THAT([&] { plan_trial(s, data); },
              throws_request("subset=81", "has 80 images", "20 are held out"));
  s.validation_is_test = true;
  EXPECT_EQ(plan_trial(s, data).train_examples, 81);
  s.subset = 101;
  EXPECT_THAT([&] { plan_trial(s, data); }, throws_request("has 100 images to train on;"));
}

TEST(TrialPlan, RefusesABatchOfOneUnlessTheTailRemovesIt) {
  const Dataset data = make_test_data(101, 30);
  TrialSettings s = settings();
  s.validation_is_test = true;
  s.batch = 10;  // leaves a rest of 1
  EXPECT_THAT([&] { plan_trial(s, data); }, throws_request("2: norm", "tail=drop", "tail=merge"));
  for (const Tail tail : {Tail::drop, Tail::merge, Tail::wrap}) {
    s.tail = tail;
    EXPECT_NO_THROW(plan_trial(s, data));
  }
  s.tail = Tail::keep;
  s.norm.kind = NormKind::none;
  EXPECT_NO_THROW(plan_trial(s, data));
}

TEST(TrialPlan, RefusesAMoveThatLeavesNothingOfAnImage) {
  const Dataset data = make_test_data(100, 30);
  TrialSettings s = settings();
  s.augment.crop = 5;
  EXPECT_NO_THROW(plan_trial(s, data));
  s.augment.crop = 6;
  EXPECT_THAT([&] { plan_trial(s, data); }, throws_request("augment=crop:6", "6x6", "at most 5"));
}

TEST(TrialPlan, RefusesWhatCannotRun) {
  const Dataset data = make_test_data(100, 30);
  TrialSettings s = settings();
  s.model = "flatten, linear 10";
  EXPECT_THAT([&] { plan_trial(s, data); },
              throws_request("output is 10", "expected 3", "linear 3"));
  s.model = "conv 3 1x1";
  EXPECT_THAT([&] { plan_trial(s, data); }, throws_request("6x6x3", "expected 3"));
  s = settings();
  s.validation = 0.001;
  EXPECT_THAT([&] { plan_trial(s, data); }, throws_request("validation=0.001", "0 to validate"));
  s.validation = 0.999;
  EXPECT_THAT([&] { plan_trial(s, data); }, throws_request("validation=0.999"));
  s = settings();
  s.model = "flatten, linear 1000000, linear 1000, linear 3";
  s.batch = 100;
  EXPECT_NO_THROW(trial_bytes(plan_trial(settings(), data)));
  s.model = "flatten, linear 1000000, linear 2000, linear 3";
  EXPECT_THAT([&] { plan_trial(s, data); }, throws_request("memory"));
}

}  // namespace
}  // namespace normlab
