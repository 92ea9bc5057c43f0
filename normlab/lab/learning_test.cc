#include "normlab/lab/learning.h"

#include <cmath>
#include <optional>

#include <gtest/gtest.h>

#include "normlab/lab/mock_study.h"

namespace normlab {
namespace {

TrialRecord record_of(double accuracy, std::optional<double> majority, std::int64_t examples) {
  TrialRecord record;
  record.validation_examples = examples;
  record.validation_majority = majority;
  const Evaluation good = classified(0.5, 0.99);
  record.epochs = {{1, 10, good, good, 1}, {2, 20, good, classified(0.5, accuracy), 1}};
  return record;
}

TEST(Learning, IsAboveWhatTheMostFrequentClassGives) {
  // Ten classes, 12,000 examples: the limit is near p + 1.96 sqrt(p (1 - p) / n).
  EXPECT_EQ(learning_of(record_of(0.1127, 0.1127, 12000)), Learning::at_chance);
  EXPECT_EQ(learning_of(record_of(0.1127 + 0.0055, 0.1127, 12000)), Learning::at_chance);
  EXPECT_EQ(learning_of(record_of(0.1127 + 0.0059, 0.1127, 12000)), Learning::trained);
  EXPECT_EQ(learning_of(record_of(0.05, 0.1127, 12000)), Learning::at_chance)
      << "worse than chance";
  EXPECT_EQ(learning_of(record_of(0.97, 0.1127, 12000)), Learning::trained);
}

TEST(Learning, FewExamplesTellLess) {
  EXPECT_EQ(learning_of(record_of(0.4, 0.25, 20)), Learning::at_chance);
  EXPECT_EQ(learning_of(record_of(0.4, 0.25, 200)), Learning::trained);
  EXPECT_EQ(learning_of(record_of(1, 0.5, 4)), Learning::at_chance) << "1 in 16 by guessing";
  EXPECT_EQ(learning_of(record_of(1, 0.5, 40)), Learning::trained);
}

// Nine in ten right is nothing where nine in ten are of one class.
TEST(Learning, KnowsUnequalClasses) {
  EXPECT_EQ(learning_of(record_of(0.9, 0.9, 1000)), Learning::at_chance);
}

TEST(Learning, AnAccuracyThatIsNoNumberIsNoLearning) {
  EXPECT_EQ(learning_of(record_of(std::nan(""), 0.1, 1000)), Learning::at_chance);
}

TEST(Learning, TakesTheOtherWaysToEnd) {
  TrialRecord record = record_of(0.97, 0.1, 1000);
  record.status = TrialStatus::diverged;
  EXPECT_EQ(learning_of(record), Learning::diverged);
  record.status = TrialStatus::failed;
  EXPECT_EQ(learning_of(record), Learning::failed);
  EXPECT_FALSE(counts_as_trained(Learning::diverged));
  EXPECT_FALSE(counts_as_trained(Learning::failed));
  EXPECT_FALSE(counts_as_trained(Learning::at_chance));
}

// Records of older stores do not have the share: nothing is assumed of them.
TEST(Learning, IsNotKnownWithoutTheShare) {
  EXPECT_EQ(learning_of(record_of(0.05, std::nullopt, 1000)), Learning::not_known);
  EXPECT_TRUE(counts_as_trained(Learning::not_known));
}

}  // namespace
}  // namespace normlab
