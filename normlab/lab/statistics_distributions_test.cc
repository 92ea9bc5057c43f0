#include "normlab/lab/statistics_distributions.h"

#include <cmath>

#include <gtest/gtest.h>

#include "normlab/lab/statistics_golden.h"

namespace normlab {
namespace {

TEST(Distributions, NormalQuantilesAgreeWithScipy) {
  for (const golden::Quantile& quantile : golden::kNormal) {
    // Near p = 1 the argument itself is rounded: 1e-16 there moves z by 2e-9.
    EXPECT_NEAR(normal_quantile(quantile.argument), quantile.value, 3e-9) << quantile.argument;
    EXPECT_NEAR(normal_cdf(quantile.value), quantile.argument, 1e-14) << quantile.argument;
  }
}

TEST(Distributions, StudentQuantilesAgreeWithScipy) {
  for (const golden::Quantile& quantile : golden::kStudent) {
    const double t = student_two_sided(0.95, static_cast<std::size_t>(quantile.argument));
    EXPECT_NEAR(t, quantile.value, 1e-10 * quantile.value) << quantile.argument;
  }
}

}  // namespace
}  // namespace normlab
