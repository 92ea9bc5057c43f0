#include "normlab/lab/statistics_superiority.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(Superiority, CountsTiesHalf) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Superiority result = superiority(std::vector<double>{0.1, infinity, 0, -infinity});
  EXPECT_EQ(result.probability, 2.5 / 4);
  EXPECT_LT(result.ci95.low, 0.625);
  EXPECT_GT(result.ci95.high, 0.625);
}

// Wilson's interval of 4 wins in 4 left one half out, which a fair coin does once in eight times.
TEST(Superiority, TellsNothingBelowSixPairs) {
  for (std::size_t pairs = 1; pairs <= 5; ++pairs) {
    EXPECT_LT(superiority(std::vector<double>(pairs, 1)).ci95.low, 0.5) << pairs;
    EXPECT_GT(superiority(std::vector<double>(pairs, -1)).ci95.high, 0.5) << pairs;
  }
  EXPECT_GT(superiority(std::vector<double>(6, 1)).ci95.low, 0.5);
  EXPECT_LT(superiority(std::vector<double>(6, -1)).ci95.high, 0.5);
}

TEST(Superiority, OfTiesAloneIsOpen) {
  const Interval interval = superiority(std::vector<double>(10, 0.0)).ci95;
  EXPECT_NEAR((interval.low + interval.high) / 2, 0.5, 1e-11);
  EXPECT_GT(interval.high - interval.low, 0.2) << "ten pairs have not shown that there are no wins";
}

}  // namespace
}  // namespace normlab
