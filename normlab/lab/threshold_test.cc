#include "normlab/lab/threshold.h"

#include <vector>

#include <gtest/gtest.h>

#include "normlab/lab/mock_study.h"

namespace normlab {
namespace {

std::vector<const TrialResult*> pointers(const MockStudy& mock) {
  std::vector<const TrialResult*> results;
  for (const TrialResult& result : mock.results) results.push_back(&result);
  return results;
}

TEST(Threshold, IsTheMeanRoundedDownToAWholePercent) {
  MockStudy mock = mock_study({""}, 2);
  mock.record(0, 1).epochs.back().validation["accuracy"] = 0.979;
  mock.record(0, 2).epochs.back().validation["accuracy"] = 0.980;
  EXPECT_EQ(ending_accuracy(pointers(mock)), 0.97);
  // 0.57 * 100 falls just below 57.
  for (const std::uint64_t seed : {1u, 2u}) {
    mock.record(0, seed).epochs.back().validation["accuracy"] = 0.57;
  }
  EXPECT_EQ(ending_accuracy(pointers(mock)), 0.57);
}

TEST(Threshold, TrialsThatDidNotTrainDoNotLowerIt) {
  MockStudy mock = mock_study({""}, 3);
  mock.record(0, 1).epochs.back().validation["accuracy"] = 0.1;
  diverge(mock.record(0, 2));
  mock.record(0, 3).epochs.back().validation["accuracy"] = 0.955;
  EXPECT_EQ(ending_accuracy(pointers(mock)), 0.95);
}

TEST(Threshold, IsNoneWhenNothingTrained) {
  MockStudy mock = mock_study({""}, 2);
  for (TrialResult& result : mock.results) result.record.epochs.back().validation["accuracy"] = 0.1;
  EXPECT_FALSE(ending_accuracy(pointers(mock)));
  EXPECT_FALSE(ending_accuracy({}));
}

}  // namespace
}  // namespace normlab
