#include "normlab/train/patience.h"

#include <vector>

#include <gtest/gtest.h>

namespace normlab {
namespace {

/// After how many epochs a trial with these accuracies ends; 0: it does not.
std::size_t stops_after(const std::vector<double>& accuracies, std::int64_t patience) {
  std::vector<EpochRecord> epochs;
  for (const double accuracy : accuracies) {
    epochs.emplace_back();
    epochs.back().validation["accuracy"] = accuracy;
    if (patience_is_out(epochs, patience)) return epochs.size();
  }
  return 0;
}

TEST(Patience, EndsAfterSoManyEpochsWithoutABetterOne) {
  EXPECT_EQ(stops_after({0.1, 0.5, 0.4, 0.4, 0.4, 0.9}, 3), 5u);
  EXPECT_EQ(stops_after({0.1, 0.5, 0.4, 0.4, 0.6, 0.9}, 3), 0u);
  EXPECT_EQ(stops_after({0.5, 0.4}, 1), 2u);
  EXPECT_EQ(stops_after({0.1, 0.2, 0.3}, 1), 0u);
}

TEST(Patience, AnEqualEpochIsNotBetter) {
  EXPECT_EQ(stops_after({0.5, 0.5, 0.5}, 2), 3u);
}

TEST(Patience, WithoutItNothingEnds) {
  EXPECT_EQ(stops_after({0.5, 0.4, 0.3, 0.2, 0.1}, 0), 0u);
}

}  // namespace
}  // namespace normlab
