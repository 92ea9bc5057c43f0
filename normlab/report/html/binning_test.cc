#include "normlab/report/html/binning.h"

#include <algorithm>
#include <limits>
#include <vector>

#include <gmock/gmock.h>

namespace normlab {
namespace {

using testing::ElementsAre;

TEST(Binning, EveryStepIsABinWhereTheyFit) {
  EXPECT_THAT(bin_ends(3, 400), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(bin_ends(0, 400), ElementsAre(0));
}

TEST(Binning, CoversAllStepsAndIsFineAtTheBeginning) {
  const auto ends = bin_ends(100000, 400);
  EXPECT_LE(ends.size(), 401u);
  EXPECT_EQ(ends.front(), 0u);
  EXPECT_EQ(ends.back(), 100000u);
  EXPECT_EQ(ends[1], 1u) << "the first step by itself, for a logarithmic axis";
  std::size_t longest = 0;
  for (std::size_t i = 1; i < ends.size(); ++i) {
    ASSERT_GT(ends[i], ends[i - 1]);
    longest = std::max(longest, ends[i] - ends[i - 1]);
  }
  EXPECT_LE(longest, 500u) << "a half of the bins is equally long";
}

TEST(Binning, AveragesEachSeriesFirstThenOverSeries) {
  const std::vector<float> a = {1, 3, 5, 7, 9, 11, 13, 15};
  const std::vector<float> b = {2, 4, 6, 8, 10, 12, 14, 16};
  const std::vector<std::span<const float>> series = {a, b};
  double sum = 0;
  std::size_t count = 0;
  for (const SeriesBin& bin : bin_series(series, 4, {})) {
    double expected_a = 0;
    for (std::size_t i = bin.first; i < bin.last; ++i) expected_a += double(a[i]);
    expected_a /= static_cast<double>(bin.last - bin.first);
    EXPECT_DOUBLE_EQ(bin.value.mean, expected_a + 0.5) << "b is a + 1";
    ASSERT_TRUE(bin.value.ci95);
    EXPECT_LE(bin.value.ci95->low, bin.value.mean);
    EXPECT_GE(bin.value.ci95->high, bin.value.mean);
    sum += bin.value.mean * static_cast<double>(bin.last - bin.first);
    count += bin.last - bin.first;
  }
  EXPECT_EQ(count, 8u) << "every step once";
  EXPECT_DOUBLE_EQ(sum / 8, 8.5) << "the mean of all";
}

// Of losses near zero in two seeds of which one does not learn.
TEST(Binning, ABandStaysWithinWhatTheValuesCanBe) {
  const std::vector<float> a = {0.01F, 0.01F};
  const std::vector<float> b = {2.3F, 0.02F};
  const auto bins = bin_series(std::vector<std::span<const float>>{a, b}, 4, {{0, 5}});
  ASSERT_EQ(bins.size(), 2u);
  EXPECT_EQ(bins[0].value.ci95->low, 0);
  EXPECT_EQ(bins[0].value.ci95->high, 5);
  EXPECT_EQ(bins[1].value.ci95->low, 0);
}

TEST(Binning, OneSeriesHasNoInterval) {
  const std::vector<float> a = {1, 2};
  const std::vector<std::span<const float>> series = {a};
  EXPECT_FALSE(bin_series(series, 4, {})[0].value.ci95);
}

TEST(Binning, NumbersThatAreNotFiniteMakeTheBinAbsent) {
  const std::vector<float> a = {1, std::numeric_limits<float>::infinity()};
  const std::vector<float> b = {3, 5};
  const auto bins = bin_series(std::vector<std::span<const float>>{a, b}, 4, {});
  ASSERT_EQ(bins.size(), 1u) << "a mean of the other series alone would not be one of both";
  EXPECT_EQ(bins[0].value.mean, 2);
}

}  // namespace
}  // namespace normlab
