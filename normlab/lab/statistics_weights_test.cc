#include "normlab/lab/statistics_weights.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/philox.h"

namespace normlab {
namespace {

/// P(B <= most) for the number B of successes in n trials.
double binomial_cdf(int most, int n, double share) {
  double probability = 0;
  double log_choose = 0;
  for (int k = 0; k <= most; ++k) {
    probability += std::exp(log_choose + k * std::log(share) + (n - k) * std::log1p(-share));
    log_choose += std::log(n - k) - std::log(k + 1);
  }
  return probability;
}

// The weight of `ones` of n values has a beta distribution, whose tails are binomial.
TEST(WeightedMean, OfZerosAndOnesHasABetaDistribution) {
  for (const int n : {2, 3, 10, 41, 200}) {
    for (int ones = 1; ones < n; ones += 1 + n / 7) {
      std::vector<double> values(static_cast<std::size_t>(n - ones), 0.0);
      values.resize(static_cast<std::size_t>(n), 1.0);
      for (const double at : {0.01, 0.3, 0.5, 0.85, 0.99}) {
        const double expected = binomial_cdf(ones - 1, n - 1, at);
        // exp(log_choose) loses about n rounding errors; the recursion itself adds as many.
        EXPECT_NEAR(weighted_mean_above(values, at), expected, 1e-13 * n)
            << ones << " of " << n << " at " << at;
      }
    }
  }
}

// Three values: the mean's density is a triangle with its top over the middle one.
TEST(WeightedMean, OfThreeValuesHasATriangularDensity) {
  const std::vector<double> values = {0, 1, 4};
  EXPECT_NEAR(weighted_mean_above(values, 1), 0.75, 1e-15);
  EXPECT_NEAR(weighted_mean_above(values, 0.5), 1 - 0.25 * 0.25, 1e-15);
  EXPECT_NEAR(weighted_mean_above(values, 2.5), 0.75 * 0.25, 1e-15);
}

TEST(WeightedMean, IsWhatDrawnWeightsGive) {
  constexpr int kDraws = 40000;
  const std::vector<double> values = {-3, -2.5, 0, 0, 0, 1e-9, 0.25, 7};
  const std::vector<double> places = {-1, -0.2, 0, 0.1, 0.3, 1, 3};
  std::vector<int> above(places.size());
  Philox random(1, Purpose::test, 0);
  for (int draw = 0; draw < kDraws; ++draw) {
    double sum = 0;
    double total = 0;
    for (const double value : values) {
      const double weight = -std::log((random.next() + 0.5) * 0x1p-32);
      sum += weight * value;
      total += weight;
    }
    for (std::size_t i = 0; i < places.size(); ++i) above[i] += sum > places[i] * total ? 1 : 0;
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double share = above[i] / double{kDraws};
    // Five standard errors of a share of 40,000.
    EXPECT_NEAR(weighted_mean_above(values, places[i]), share, 5 * 0.5 / std::sqrt(kDraws))
        << places[i];
  }
}

TEST(WeightedMean, LiesBetweenTheValues) {
  const std::vector<double> values = {2, 2, 5};
  EXPECT_EQ(weighted_mean_above(values, 1.999), 1);
  EXPECT_EQ(weighted_mean_above(values, 2), 1) << "at 2 with probability 0";
  EXPECT_EQ(weighted_mean_above(values, 5), 0);
  EXPECT_EQ(weighted_mean_above(std::vector<double>{3, 3}, 3), 0);
  EXPECT_EQ(weighted_mean_above(std::vector<double>{3, 3}, 2.9), 1);
}

TEST(Crossing, FindsWhereAFallingFunctionCrosses) {
  for (const double level : {0.001, 0.025, 0.5, 0.975, 0.999}) {
    for (const double power : {0.1, 1.0, 5.0, 60.0}) {
      int calls = 0;
      const auto function = [&](double x) {
        ++calls;
        return 1 - std::pow(x, power);
      };
      const double found = crossing(function, level, 0, 1);
      EXPECT_NEAR(found, std::pow(1 - level, 1 / power), 1e-11) << level << " " << power;
      EXPECT_LT(calls, 60) << "halving would take 42: " << level << " " << power;
    }
  }
}

TEST(Crossing, OfALevelThatIsNeverLeftIsThatEnd) {
  EXPECT_NEAR(crossing([](double x) { return x < 1 ? 1 : 0; }, 0.5, 0, 1), 1, 1e-11);
  EXPECT_NEAR(crossing([](double x) { return x > 0 ? 0 : 1; }, 0.5, 0, 1), 0, 1e-11);
  EXPECT_EQ(crossing([](double) { return 0; }, 0.975, 3, 3), 3) << "no room to seek in";
}

}  // namespace
}  // namespace normlab
