#include "normlab/optim/schedule.h"

#include <gtest/gtest.h>

#include "normlab/optim/schedule_golden.h"

namespace normlab {
namespace {

TEST(Schedule, ConstantStays) {
  const Schedule schedule({}, 0.1, 100, 10);
  EXPECT_EQ(schedule.lr(0), 0.1);
  EXPECT_EQ(schedule.lr(99), 0.1);
}

TEST(Schedule, StepFallsAtEpochs) {
  const Schedule schedule({.kind = ScheduleKind::step, .every_epochs = 2, .factor = 0.5}, 1, 60,
                          10);
  EXPECT_EQ(schedule.lr(19), 1);
  EXPECT_EQ(schedule.lr(20), 0.5);
  EXPECT_EQ(schedule.lr(39), 0.5);
  EXPECT_EQ(schedule.lr(40), 0.25);
}

TEST(Schedule, CosineGoesFromFullToNothing) {
  const Schedule schedule({.kind = ScheduleKind::cosine}, 2, 100, 10);
  EXPECT_DOUBLE_EQ(schedule.lr(0), 2);
  EXPECT_NEAR(schedule.lr(50), 1, 1e-12);
  EXPECT_NEAR(schedule.lr(100), 0, 1e-12);
}

TEST(Schedule, MilestonesAreEpochs) {
  const Schedule schedule({.kind = ScheduleKind::milestones, .factor = 0.5, .milestones = {1, 3}},
                          1, 40, 10);
  EXPECT_EQ(schedule.lr(9), 1);
  EXPECT_EQ(schedule.lr(10), 0.5);
  EXPECT_EQ(schedule.lr(29), 0.5);
  EXPECT_EQ(schedule.lr(30), 0.25);
}

TEST(Schedule, LinearEndsAtItsShare) {
  const Schedule schedule({.kind = ScheduleKind::linear, .end = 0.1}, 2, 100, 10);
  EXPECT_EQ(schedule.lr(0), 2);
  EXPECT_NEAR(schedule.lr(50), 1.1, 1e-12);
  EXPECT_NEAR(schedule.lr(100), 0.2, 1e-12);
}

TEST(Schedule, WarmsUpBeforeTheRest) {
  const Schedule schedule({.kind = ScheduleKind::linear, .warmup_epochs = 2}, 1, 100, 10);
  EXPECT_DOUBLE_EQ(schedule.lr(0), 1.0 / 20) << "a step at 0 would be none";
  EXPECT_EQ(schedule.lr(19), 1);
  EXPECT_EQ(schedule.lr(20), 1);
  EXPECT_NEAR(schedule.lr(60), 0.5, 1e-12);
}

TEST(Schedule, EpochsOfStepsCountTheWarmUp) {
  const Schedule schedule(
      {.kind = ScheduleKind::step, .every_epochs = 3, .factor = 0.5, .warmup_epochs = 1}, 1, 60,
      10);
  EXPECT_DOUBLE_EQ(schedule.lr(4), 0.5);
  EXPECT_EQ(schedule.lr(29), 1);
  EXPECT_EQ(schedule.lr(30), 0.5);
}

TEST(Schedule, AWarmUpLongerThanTheTrialIsCutOff) {
  const Schedule schedule({.kind = ScheduleKind::cosine, .warmup_epochs = 10}, 1, 50, 10);
  EXPECT_DOUBLE_EQ(schedule.lr(49), 0.5);
}

TEST(Schedule, OneCycleHasAWarmUpOfItsOwn) {
  const Schedule schedule({.kind = ScheduleKind::one_cycle, .warmup_epochs = 5}, 1, 100, 10);
  EXPECT_DOUBLE_EQ(schedule.lr(0), 1.0 / 25);
}

TEST(Schedule, HasTheRatesOfPyTorch) {
  for (const golden::ScheduleCase& expected : golden::kSchedules) {
    const Schedule schedule(expected.options, golden::kLargestRate, golden::kScheduleSteps,
                            golden::kStepsPerEpoch);
    for (int step = 0; step < golden::kScheduleSteps; ++step) {
      // PyTorch computes a rate from the one before, each time rounded.
      EXPECT_NEAR(schedule.lr(step), expected.rates[static_cast<std::size_t>(step)], 1e-14)
          << "kind " << static_cast<int>(expected.options.kind) << ", step " << step;
    }
  }
}

TEST(Schedule, OneCycleWarmsUpAndFallsFarBelow) {
  const Schedule schedule({.kind = ScheduleKind::one_cycle}, 1, 1000, 100);
  EXPECT_DOUBLE_EQ(schedule.lr(0), 1.0 / 25);
  EXPECT_DOUBLE_EQ(schedule.lr(150), (1 + 1.0 / 25) / 2);
  EXPECT_DOUBLE_EQ(schedule.lr(300), 1);
  EXPECT_NEAR(schedule.lr(1000), 1 / 250000.0, 1e-12);
}

}  // namespace
}  // namespace normlab
