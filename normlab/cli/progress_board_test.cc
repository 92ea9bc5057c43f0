#include "normlab/cli/progress_board.h"

#include <gtest/gtest.h>

namespace normlab {
namespace {

/// Two arms of two seeds.
Study small_study() {
  Study study;
  for (const char* label : {"norm=none", "norm=batch"}) {
    study.arms.emplace_back();
    study.arms.back().label = label;
  }
  for (const std::size_t arm : {0u, 0u, 1u, 1u}) {
    study.trials.emplace_back();
    study.trials.back().arm = arm;
  }
  return study;
}

EpochRecord epoch_record(std::int64_t epoch, double accuracy) {
  EpochRecord record;
  record.epoch = epoch;
  record.validation["accuracy"] = accuracy;
  return record;
}

TEST(ProgressBoard, StartsWithNothingKnown) {
  const ProgressBoard board(small_study());
  ASSERT_EQ(board.arms().size(), 2u);
  const ArmProgress& arm = board.arms()[1];
  EXPECT_EQ(arm.label, "norm=batch");
  EXPECT_EQ(arm.trials, 2u);
  EXPECT_EQ(arm.epochs, 5);
  EXPECT_EQ(arm.steps_per_second(), 0);
  EXPECT_FALSE(arm.seconds_left());
  EXPECT_FALSE(arm.validation_accuracy);
}

TEST(ProgressBoard, CountsStepsAndTimePerArm) {
  ProgressBoard board(small_study());
  board.start_trial(2, 10);
  board.count_step(2, 1, 100, 10.5);
  board.count_step(2, 50, 100, 15);
  const ArmProgress& arm = board.arms()[1];
  EXPECT_EQ(arm.running, 1u);
  EXPECT_EQ(arm.steps, 50);
  EXPECT_EQ(arm.epoch, 1);
  EXPECT_DOUBLE_EQ(arm.steps_per_second(), 10);
  EXPECT_DOUBLE_EQ(arm.seconds_left().value(), 15) << "50 steps of this trial and 100 of the next";
  EXPECT_EQ(board.arms()[0].steps, 0);
}

TEST(ProgressBoard, TrialsOfAnArmAtTheSameTimeAddUp) {
  ProgressBoard board(small_study());
  board.start_trial(0, 0);
  board.start_trial(1, 0);
  board.count_step(0, 30, 100, 5);
  board.count_step(1, 20, 100, 5);
  EXPECT_DOUBLE_EQ(board.arms()[0].steps_per_second(), 10);
  EXPECT_DOUBLE_EQ(board.arms()[0].seconds_left().value(), 15);
}

TEST(ProgressBoard, AnEndedTrialLeavesNothingToDo) {
  ProgressBoard board(small_study());
  board.start_trial(0, 0);
  board.count_step(0, 10, 100, 1);
  board.end_trial(0, TrialStatus::diverged, 1);
  const ArmProgress& arm = board.arms()[0];
  EXPECT_EQ(arm.ended, 1u);
  EXPECT_EQ(arm.diverged, 1u);
  EXPECT_EQ(arm.running, 0u);
  EXPECT_DOUBLE_EQ(arm.seconds_left().value(), 10) << "the other trial's 100 steps";
  board.start_trial(1, 1);
  board.count_step(1, 100, 100, 11);
  board.end_trial(1, TrialStatus::failed, 11);
  EXPECT_EQ(arm.failed, 1u);
  EXPECT_FALSE(arm.seconds_left());
  EXPECT_EQ(arm.started, 0);
}

TEST(ProgressBoard, ShowsTheEpochUnderWayAndTheLatestAccuracy) {
  ProgressBoard board(small_study());
  board.start_trial(0, 0);
  board.finish_epoch(0, epoch_record(1, 0.5), 3);
  EXPECT_EQ(board.arms()[0].epoch, 2);
  board.finish_epoch(0, epoch_record(3, 0.75), 3);
  EXPECT_EQ(board.arms()[0].epoch, 3);
  EXPECT_EQ(board.arms()[0].validation_accuracy, 0.75);
  board.start_trial(1, 5);
  EXPECT_EQ(board.arms()[0].epoch, 1);
}

}  // namespace
}  // namespace normlab
