#include "normlab/base/moments.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(Moments, OfNothingIsZeroAndMergesAway) {
  const Moments some{3, 2.0, 8.0};
  EXPECT_EQ(merge({}, some).mean, 2.0);
  EXPECT_EQ(merge(some, {}).m2, 8.0);
}

TEST(Moments, MatchTheTextbookExample) {
  const std::array values{2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0};
  const Moments moments = moments_of(values);
  EXPECT_DOUBLE_EQ(moments.mean, 5.0);
  EXPECT_DOUBLE_EQ(moments.biased_variance(), 4.0);
  EXPECT_DOUBLE_EQ(moments.unbiased_variance(), 32.0 / 7);
}

TEST(Moments, StayExactFarFromZero) {
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i) values.push_back(1e9 + (i % 2));
  EXPECT_NEAR(moments_of(values).biased_variance(), 0.25, 1e-9);
}

TEST(Moments, OneNumberHasNoUnbiasedVariance) {
  EXPECT_TRUE(std::isnan(moments_of(std::array{1.0}).unbiased_variance()));
}

}  // namespace
}  // namespace normlab
