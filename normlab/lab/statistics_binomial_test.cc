#include "normlab/lab/statistics_binomial.h"

#include <cmath>

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(BinomialUpperTail, IsThatOfTables) {
  EXPECT_NEAR(binomial_upper_tail(4, 4, 0.5), 0.0625, 1e-12);
  EXPECT_NEAR(binomial_upper_tail(1, 10, 0.1), 1 - std::pow(0.9, 10), 1e-12);
  EXPECT_NEAR(binomial_upper_tail(2, 3, 0.25), 3 * 0.0625 * 0.75 + 0.015625, 1e-12);
  EXPECT_NEAR(binomial_upper_tail(8, 20, 0.25), 0.10181185692272265, 1e-12);
}

TEST(BinomialUpperTail, NearTheNormalForMany) {
  // One and two standard deviations above the mean, with the correction for continuity.
  EXPECT_NEAR(binomial_upper_tail(50'000 + 158, 100'000, 0.5), 0.1594, 5e-4);
  EXPECT_NEAR(binomial_upper_tail(50'000 + 316, 100'000, 0.5), 0.0230, 3e-4);
}

TEST(BinomialUpperTail, HoldsAtTheEnds) {
  EXPECT_EQ(binomial_upper_tail(0, 5, 0.3), 1);
  EXPECT_EQ(binomial_upper_tail(5, 5, 1), 1);
  EXPECT_EQ(binomial_upper_tail(1, 5, 0), 0);
  EXPECT_NEAR(binomial_upper_tail(1, 1000, 0.9), 1, 1e-9);
}

}  // namespace
}  // namespace normlab
