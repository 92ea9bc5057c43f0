#include "normlab/lab/statistics_power.h"

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(PairsForSignificance, IsSixForOneTest) {
  EXPECT_EQ(pairs_for_significance(1), 6u);
  // 8 * 2 / 2^8 = 0.0625 is too much, 8 * 2 / 2^9 is not.
  EXPECT_EQ(pairs_for_significance(8), 9u);
  EXPECT_EQ(pairs_for_significance(56), 12u);
}

// Cohen 1988, as every power program repeats it: two-sided 5 %, power 80 %, paired.
TEST(PairsForPower, ReproducesTheUsualTable) {
  EXPECT_EQ(pairs_for_power(0.5, 1, 1), 34u);
  EXPECT_EQ(pairs_for_power(-0.8, 1, 1), 15u);
  EXPECT_EQ(pairs_for_power(0.2, 1, 1), 199u);
}

TEST(PairsForPower, IsNeverLessThanCanBeSignificant) {
  EXPECT_EQ(pairs_for_power(100, 1, 1), 6u);
  EXPECT_EQ(pairs_for_power(1, 0, 8), 9u);
  EXPECT_EQ(pairs_for_power(1e-300, 1e300, 1), 1000000000u);
}

}  // namespace
}  // namespace normlab
