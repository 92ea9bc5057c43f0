#include "normlab/bench/samples.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace normlab::bench {
namespace {

TEST(Spread, QuantilesAreInterpolated) {
  // Positions 0..4 of the sorted values: quartiles at 1 and 3, 5 % at 0.2, 95 % at 3.8.
  const std::array values = {5.0, 1.0, 3.0, 2.0, 4.0};
  const Spread spread = spread_of(values);
  EXPECT_EQ(spread.n, 5);
  EXPECT_DOUBLE_EQ(spread.median, 3);
  EXPECT_DOUBLE_EQ(spread.q1, 2);
  EXPECT_DOUBLE_EQ(spread.q3, 4);
  EXPECT_DOUBLE_EQ(spread.low, 1.2);
  EXPECT_DOUBLE_EQ(spread.high, 4.8);
  EXPECT_DOUBLE_EQ(spread.relative_iqr(), 2.0 / 3);
}

TEST(Spread, OneValueHasNoSpread) {
  const Spread spread = spread_of(std::array{7.0});
  EXPECT_EQ(spread.n, 1);
  EXPECT_EQ(spread.median, 7);
  EXPECT_EQ(spread.low, 7);
  EXPECT_EQ(spread.high, 7);
}

TEST(Spread, RatiosArePairedByRound) {
  // The machine ran at half speed in the second round: that must not show.
  const std::array with = {1.1, 2.2, 1.1};
  const std::array without = {1.0, 2.0, 1.0};
  const Spread spread = spread_of_ratios(with, without);
  EXPECT_DOUBLE_EQ(spread.median, 1.1);
  EXPECT_DOUBLE_EQ(spread.low, 1.1);
  EXPECT_DOUBLE_EQ(spread.high, 1.1);
}

}  // namespace
}  // namespace normlab::bench
