#include "normlab/lab/statistics_interval.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/moments.h"
#include "normlab/base/philox.h"
#include "normlab/lab/statistics_golden.h"
#include "normlab/lab/statistics_populations.h"

namespace normlab {
namespace {

double size_of(std::span<const double> values) {
  double size = 0;
  for (const double value : values) size = std::max(size, std::abs(value));
  return size;
}

/// What holds for every sample.
void expect_sound(const std::vector<double>& values, const Domain& domain) {
  const Interval interval = mean_interval(values, domain).value();
  const double mean = moments_of(values).mean;
  // Sums of n values of this size lose less.
  const double rounding = 1e-12 * size_of(values);
  EXPECT_TRUE(interval.low <= mean + rounding && mean - rounding <= interval.high);
  EXPECT_TRUE(domain.range.low <= interval.low && interval.high <= domain.range.high);

  std::vector<double> mirrored;
  for (const double value : values) mirrored.push_back(-value);
  const Domain mirror{{-domain.range.high, -domain.range.low}, domain.resolution};
  const Interval other = mean_interval(mirrored, mirror).value();
  const double length = interval.high - interval.low;
  EXPECT_NEAR(other.low, -interval.high, 1e-9 * length + rounding);
  EXPECT_NEAR(other.high, -interval.low, 1e-9 * length + rounding);

  std::vector<double> reordered(values.rbegin(), values.rend());
  const Interval same = mean_interval(reordered, domain).value();
  EXPECT_EQ(same.low, interval.low);
  EXPECT_EQ(same.high, interval.high);
}

std::string text(const std::vector<double>& values) {
  std::string result;
  for (const double value : values) result += std::to_string(value) + " ";
  return result;
}

TEST(MeanInterval, IsSoundForHostileSamples) {
  for (const std::size_t n : {2u, 3u, 5u, 10u, 41u}) {
    std::vector<double> ramp(n);
    std::iota(ramp.begin(), ramp.end(), 0.0);
    std::vector<double> one_out(n, 0.95);
    one_out[n / 2] = 0.1;
    std::vector<double> at_bounds(n, 0.0);
    std::fill(at_bounds.begin() + 1, at_bounds.end(), 1.0);
    std::vector<double> next_to_equal(n, 0.1);
    next_to_equal[0] = std::nextafter(0.1, 1.0);
    std::vector<double> equal(n, 1.0);
    for (const auto& values : {one_out, at_bounds, next_to_equal, equal}) {
      for (const double resolution : {0.0, 0.01}) {
        SCOPED_TRACE(text(values));
        expect_sound(values, {{0, 1}, resolution});
        expect_sound(values, {{-1, 1}, resolution});
      }
    }
    for (const double scale : {1e-40, 1e-3, 1.0, 1e6, 1e38}) {
      for (const auto& values : {ramp, one_out, at_bounds, next_to_equal}) {
        std::vector<double> scaled = values;
        for (double& value : scaled) value *= scale;
        SCOPED_TRACE(text(values) + " * " + std::to_string(scale));
        expect_sound(scaled, kPositive);
        expect_sound(scaled, {});
      }
    }
  }
}

TEST(MeanInterval, IsSoundForRandomSamples) {
  std::vector<Population> populations = smooth_populations();
  for (auto&& more : {collapsing_arms(), collapsing_pairs()}) {
    populations.insert(populations.end(), more.begin(), more.end());
  }
  for (std::uint64_t i = 0; i < 3000; ++i) {
    Philox random(3, Purpose::test, i);
    const Population& population = populations[i % populations.size()];
    std::vector<double> values(2 + random.below(30));
    // Every other sample is rounded, so that there are ties.
    for (double& value : values) {
      value = population.draw(random);
      if (i % 2 == 0) value = std::round(value * 20) / 20;
    }
    SCOPED_TRACE(population.name + ": " + text(values));
    expect_sound(values, population.domain);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(MeanInterval, NeedsTwoValues) {
  EXPECT_FALSE(mean_interval({}, {}));
  EXPECT_FALSE(mean_interval(std::vector<double>{3}, {}));
}

TEST(MeanInterval, OfEqualValuesIsAsLongAsTheirRoundingAllows) {
  for (const std::size_t n : {2u, 5u, 12u}) {
    const std::vector<double> values(n, 0.1);
    const Interval exact = mean_interval(values, {}).value();
    EXPECT_EQ(exact.low, 0.1);
    EXPECT_EQ(exact.high, 0.1);
    const Interval rounded = mean_interval(values, {{0, 1}, 0.01}).value();
    EXPECT_LT(rounded.low, 0.1 - 0.001);
    EXPECT_GT(rounded.high, 0.1 + 0.001);
  }
}

// Two losses 1e-5 apart: sums of their deviations from the mean are not zero but for rounding,
// which took a quarter of the resampled means to be below the mean, not a half, and ended the
// interval there.
TEST(MeanInterval, OfTwoValuesHoldsBoth) {
  const std::vector<double> published = {-0.07463, -0.07464};
  expect_sound(published, {});
  const Interval interval = mean_interval(published, {}).value();
  EXPECT_LT(interval.low, -0.07464);
  EXPECT_GT(interval.high, -0.07463);
  for (std::uint64_t i = 0; i < 500; ++i) {
    Philox random(4, Purpose::test, i);
    const double size = std::pow(10, 6 * uniform(random) - 3);
    const std::vector<double> pair = {size * (1 + 1e-4 * random.normal()),
                                      size * (1 + 1e-4 * random.normal())};
    const Interval both = mean_interval(pair, {}).value();
    EXPECT_LT(both.low, std::min(pair[0], pair[1])) << pair[0] << " " << pair[1];
    EXPECT_GT(both.high, std::max(pair[0], pair[1])) << pair[0] << " " << pair[1];
  }
}

// 12.706 * sd / sqrt(2) of 0.4 and 0.6.
TEST(MeanInterval, OfFewEvenValuesIsStudents) {
  const Interval two = mean_interval(std::vector<double>{0.4, 0.6}, {}).value();
  EXPECT_NEAR(two.low, 0.5 - 12.706204736174728 * 0.1, 1e-11);
  EXPECT_NEAR(two.high, 0.5 + 12.706204736174728 * 0.1, 1e-11);
  const Interval accuracies = mean_interval(std::vector<double>{0.4, 0.6}, kAccuracy).value();
  EXPECT_EQ(accuracies.low, 0);
  EXPECT_EQ(accuracies.high, 1);
}

// The studentized bootstrap gave [-0.94, 0.90] and "25 [6, 190] points".
TEST(MeanInterval, StaysPossibleWhenAFewSeedsCollapse) {
  const std::vector<double> accuracies = {0.951, 0.947, 0.953, 0.949, 0.1,
                                          0.952, 0.102, 0.948, 0.098, 0.95};
  const Interval of_arm = mean_interval(accuracies, kAccuracy).value();
  // Three of ten: the exact interval of the share that collapses is [0.067, 0.652].
  EXPECT_NEAR(of_arm.low, 0.95 - 0.85 * 0.652, 0.01);
  EXPECT_GE(of_arm.high, 0.95 - 0.85 * 0.067);
  EXPECT_LE(of_arm.high, 1);

  std::vector<double> differences;
  for (const double accuracy : accuracies) differences.push_back(0.955 - accuracy);
  const Interval of_pair = mean_interval(differences, kAccuracyDifference).value();
  EXPECT_NEAR(of_pair.low, 0.955 - of_arm.high, 0.05) << "not held at an accuracy of 1";
  EXPECT_NEAR(of_pair.high, 0.955 - of_arm.low, 1e-9);

  const std::vector<double> three = {0.85, 0.86, 0.06};
  EXPECT_EQ(mean_interval(three, kAccuracyDifference)->high, 1);
}

TEST(MeanInterval, IsLongerOnTheSideToWhichValuesLean) {
  const std::vector<double>& values = golden::kSamples[2].values;
  const double mean = moments_of(values).mean;
  const Interval interval = mean_interval(values, kPositive).value();
  EXPECT_GT(interval.high - mean, 1.2 * (mean - interval.low));
}

TEST(MeanInterval, FollowsALargeOffset) {
  std::vector<double> shifted = golden::kSamples[2].values;
  for (double& value : shifted) value += 1e6;
  const Interval interval = mean_interval(golden::kSamples[2].values, {}).value();
  const Interval moved = mean_interval(shifted, {}).value();
  // 1e6 leaves the values an absolute precision of 1.2e-10.
  EXPECT_NEAR(moved.low - 1e6, interval.low, 1e-8);
  EXPECT_NEAR(moved.high - 1e6, interval.high, 1e-8);
}

struct Published {
  int successes;
  int trials;
  Interval exact;
  Interval mid_p;
};

std::vector<double> wins(const Published& row) {
  std::vector<double> values(static_cast<std::size_t>(row.trials), 0.0);
  std::fill_n(values.begin(), row.successes, 1.0);
  return values;
}

// Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, methods 5 and
// 6, four decimals.
const std::vector<Published> kNewcombe = {
    {81, 263, {0.2527, 0.3676}, {0.2544, 0.3658}},
    {15, 148, {0.0578, 0.1617}, {0.0601, 0.1581}},
    {0, 20, {0, 0.1684}, {}},
    {1, 29, {0.0009, 0.1776}, {}},
};

TEST(ShareInterval, OfWinsAndLossesIsClopperAndPearsons) {
  for (const Published& row : kNewcombe) {
    const Interval interval = share_interval(wins(row));
    EXPECT_NEAR(interval.low, row.exact.low, 5e-5) << row.successes << " of " << row.trials;
    EXPECT_NEAR(interval.high, row.exact.high, 5e-5) << row.successes << " of " << row.trials;
  }
}

TEST(ShareInterval, EndsExactlyAtZeroAndOne) {
  for (int trials = 1; trials <= 50; ++trials) {
    EXPECT_EQ(share_interval(wins({0, trials, {}, {}})).low, 0) << trials;
    EXPECT_EQ(share_interval(wins({trials, trials, {}, {}})).high, 1) << trials;
  }
}

// Where it is the farther end; Student's is elsewhere.
TEST(MeanInterval, OfTwoKindsReachesTheMidPIntervalOfAShare) {
  for (const Published& row : {kNewcombe[0], kNewcombe[1]}) {
    const Interval interval = mean_interval(wins(row), kAccuracy).value();
    EXPECT_NEAR(interval.high, row.mid_p.high, 5e-5) << row.successes << " of " << row.trials;
    EXPECT_LE(interval.low, row.mid_p.low + 5e-5) << row.successes << " of " << row.trials;
  }
}

struct Cell {
  Population population;
  std::size_t n;
  double least;
  double most;
};

std::ostream& operator<<(std::ostream& out, const Cell& cell) {
  return out << cell.n << " values, " << cell.population.name;
}

class Coverage : public testing::TestWithParam<Cell> {};

// bench/statistics does this at full size. Two standard errors of 2,000 samples are one point.
TEST_P(Coverage, IsWhatTheDocumentSays) {
  constexpr int kSamples = 2000;
  const auto& [population, n, least, most] = GetParam();
  int covered = 0;
  for (std::uint64_t i = 0; i < kSamples; ++i) {
    Philox random(n, Purpose::test, i);
    std::vector<double> values(n);
    for (double& value : values) value = population.draw(random);
    const Interval interval = mean_interval(values, population.domain).value();
    covered += interval.low <= population.mean && population.mean <= interval.high ? 1 : 0;
  }
  EXPECT_GE(covered, (least - 0.01) * kSamples);
  EXPECT_LE(covered, (most + 0.01) * kSamples);
}

std::vector<Cell> cells() {
  std::vector<Cell> result;
  for (const std::size_t n : {10u, 20u, 40u}) {
    for (const Population& population : smooth_populations()) {
      // What leans strongly is covered less at ten seeds.
      const bool leans = population.mean > 0.9 && n == 10;
      result.push_back({population, n, leans ? 0.91 : 0.93, 0.97});
    }
    result.push_back({collapsing_arm(0.5, false), n, 0.93, 0.985});
    result.push_back({collapsing_pair("20 % of both", 0.2, 0.2, 0), n, 0.93, 0.985});
    result.push_back({collapsing_pair("50 % of one arm", 0.5, 0, 0), n, 0.93, 0.99});
  }
  result.push_back({collapsing_arm(0.2, false), 20, 0.93, 0.985});
  result.push_back({collapsing_arm(0.2, false), 40, 0.93, 0.97});
  // A collapse that no seed has shown: 60 % of samples of ten.
  const Population rare = collapsing_arm(0.05, false);
  result.push_back({rare, 10, 1 - rare.unseen(10) - 0.01, 1 - rare.unseen(10)});
  result.push_back({smooth_populations()[0], 3, 0.93, 0.97});
  result.push_back({smooth_populations()[0], 5, 0.93, 0.97});
  return result;
}

INSTANTIATE_TEST_SUITE_P(Populations, Coverage, testing::ValuesIn(cells()),
                         [](const testing::TestParamInfo<Cell>& test) {
                           std::string name = test.param.population.name;
                           std::erase_if(name, [](char c) { return std::isalnum(c) == 0; });
                           return name + "_" + std::to_string(test.param.n);
                         });

}  // namespace
}  // namespace normlab
