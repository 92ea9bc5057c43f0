#include "normlab/optim/schedule.h"

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(Schedule, ConstantStays) {
  const Schedule schedule({}, 0.1, 100, 10);
  EXPECT_EQ(schedule.lr(0), 0.1);
  EXPECT_EQ(schedule.lr(99), 0.1);
}

TEST(Schedule, StepFallsAtEpochs) {
  const Schedule schedule({ScheduleKind::step, 2, 0.5}, 1, 60, 10);
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

TEST(Schedule, OneCycleWarmsUpAndFallsFarBelow) {
  const Schedule schedule({.kind = ScheduleKind::one_cycle}, 1, 1000, 100);
  EXPECT_DOUBLE_EQ(schedule.lr(0), 1.0 / 25);
  EXPECT_DOUBLE_EQ(schedule.lr(150), (1 + 1.0 / 25) / 2);
  EXPECT_DOUBLE_EQ(schedule.lr(300), 1);
  EXPECT_NEAR(schedule.lr(1000), 1 / 250000.0, 1e-12);
}

}  // namespace
}  // namespace normlab
