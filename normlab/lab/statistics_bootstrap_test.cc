#include "normlab/lab/statistics_bootstrap.h"

#include <cmath>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/philox.h"
#include "normlab/lab/statistics_golden.h"

namespace normlab {
namespace {

TEST(BcaInterval, AgreesWithScipy) {
  for (const golden::Sample& sample : golden::kSamples) {
    const Interval interval = bca_interval(sample.values, 99999).value();
    // Five standard errors of a 2.5 % quantile at so many resamples are 1.2 % of the interval's
    // length. SciPy counts no part of the resampled means that equal the mean, which shifts an
    // interval of tied values by as much as one of their steps.
    const double length = sample.bca_high - sample.bca_low;
    const double tolerance = std::string(sample.name) == "tied" ? 0.1001 : 0.012 * length;
    EXPECT_NEAR(interval.low, sample.bca_low, tolerance) << sample.name;
    EXPECT_NEAR(interval.high, sample.bca_high, tolerance) << sample.name;
  }
}

TEST(MeanInterval, NeedsTwoValuesAndSomeSpread) {
  EXPECT_FALSE(mean_interval(std::vector<double>{}));
  EXPECT_FALSE(mean_interval(std::vector<double>{3}));
  for (const std::size_t n : {2u, 5u, 12u}) {
    const Interval interval = mean_interval(std::vector<double>(n, 0.1)).value();
    EXPECT_EQ(interval.low, 0.1);
    EXPECT_EQ(interval.high, 0.1);
  }
}

TEST(MeanInterval, SameValuesSameBits) {
  const std::vector<double>& values = golden::kSamples[2].values;
  const Interval first = mean_interval(values).value();
  const Interval second = mean_interval(values).value();
  EXPECT_EQ(first.low, second.low);
  EXPECT_EQ(first.high, second.high);
}

TEST(MeanInterval, FollowsALargeOffset) {
  std::vector<double> shifted = golden::kSamples[2].values;
  for (double& value : shifted) value += 1e6;
  const Interval interval = mean_interval(golden::kSamples[2].values).value();
  const Interval moved = mean_interval(shifted).value();
  // 1e6 leaves the values an absolute precision of 1.2e-10.
  EXPECT_NEAR(moved.low - 1e6, interval.low, 1e-8);
  EXPECT_NEAR(moved.high - 1e6, interval.high, 1e-8);
}

// Most values equal: more than 2.5 % of the resamples have no spread.
TEST(MeanInterval, IsFiniteWhereTheStudentizedBootstrapIsNot) {
  std::vector<double> values(12, 5.0);
  values[3] = 4;
  const Interval interval = mean_interval(values).value();
  EXPECT_TRUE(std::isfinite(interval.low) && std::isfinite(interval.high));
  EXPECT_LT(interval.low, 59.0 / 12);
  EXPECT_GT(interval.high, 59.0 / 12);
}

double exponential(Philox& random) {
  return -std::log((random.next() + 0.5) * 0x1p-32);
}

struct Population {
  const char* name;
  double mean;
  std::function<double(Philox&)> draw;
  std::size_t n;
};

std::ostream& operator<<(std::ostream& out, const Population& population) {
  return out << population.n << " values, " << population.name;
}

class Coverage : public testing::TestWithParam<Population> {};

TEST_P(Coverage, IsBetween93And97Percent) {
  constexpr int kSamples = 2000;
  const Population& population = GetParam();
  Philox random(2, Purpose::test, population.n);
  int covered = 0;
  for (int i = 0; i < kSamples; ++i) {
    std::vector<double> values(population.n);
    for (double& value : values) value = population.draw(random);
    const Interval interval = mean_interval(values, 999).value();
    covered += interval.low <= population.mean && population.mean <= interval.high ? 1 : 0;
  }
  EXPECT_GE(covered, 0.93 * kSamples);
  EXPECT_LE(covered, 0.97 * kSamples);
}

std::vector<Population> populations() {
  std::vector<Population> result;
  for (const std::size_t n : {10u, 15u, 30u}) {
    result.push_back({"normal", 0, [](Philox& random) { return random.normal(); }, n});
    result.push_back({"exponential", 1, exponential, n});
    result.push_back({"lognormal", std::exp(0.125),
                      [](Philox& random) { return std::exp(0.5 * random.normal()); }, n});
  }
  return result;
}

INSTANTIATE_TEST_SUITE_P(Populations, Coverage, testing::ValuesIn(populations()),
                         [](const testing::TestParamInfo<Population>& test) {
                           return test.param.name + std::to_string(test.param.n);
                         });

// What the header says of five values: near the nominal level on normal data, which plain BCa (84
// %) is not.
TEST(MeanInterval, CoversNormalDataWithFiveValues) {
  constexpr int kSamples = 2000;
  Philox random(2, Purpose::test, 5);
  int covered = 0;
  for (int i = 0; i < kSamples; ++i) {
    std::vector<double> values(5);
    for (double& value : values) value = random.normal();
    const Interval interval = mean_interval(values, 999).value();
    covered += interval.low <= 0 && 0 <= interval.high ? 1 : 0;
  }
  EXPECT_GE(covered, 0.925 * kSamples);
  EXPECT_LE(covered, 0.97 * kSamples);
}

}  // namespace
}  // namespace normlab
