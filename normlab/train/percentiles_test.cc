#include "normlab/train/percentiles.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/philox.h"

namespace normlab {
namespace {

using testing::Each;
using testing::ElementsAre;

std::vector<float> shuffled(std::size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), 0.0f);
  shuffle(values, Philox(5, Purpose::test, count));
  return values;
}

TEST(Percentiles, AreTheValuesOfTheirRank) {
  for (const std::size_t count : {1, 2, 3, 20, 101, 1000}) {
    std::vector<float> values = shuffled(count);
    const auto rank = [&](double share) {
      return static_cast<float>(std::lround(share * static_cast<double>(count - 1)));
    };
    EXPECT_THAT(percentiles(values),
                ElementsAre(rank(0.05), rank(0.15), rank(0.5), rank(0.85), rank(0.95)))
        << count;
  }
}

TEST(Percentiles, TakeInfinitiesForNumbersButNoNaN) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  std::vector<float> values(20, 1.0f);
  values[3] = values[7] = -kInfinity;
  values[11] = values[12] = kInfinity;
  EXPECT_THAT(percentiles(values), ElementsAre(-kInfinity, 1, 1, 1, kInfinity));
  values[4] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(percentiles(values), Each(testing::Truly([](float v) { return std::isnan(v); })));
}

TEST(Percentiles, OfManyValuesComeFromASampleThatFavoursNoRowAndNoChannel) {
  // Value = its channel, or its row; a sample with a stride would miss channels.
  constexpr std::size_t kRows = 1 << 12;
  constexpr std::size_t kChannels = 128;
  std::vector<float> by_channel(kRows * kChannels);
  std::vector<float> by_row(kRows * kChannels);
  for (std::size_t i = 0; i < by_row.size(); ++i) {
    by_channel[i] = static_cast<float>(i % kChannels) / kChannels;
    const std::size_t row = i / kChannels;
    by_row[i] = static_cast<float>(row) / kRows;
  }
  for (const auto& values : {by_channel, by_row}) {
    const std::vector<float> found = sampled_percentiles(values);
    constexpr double kShares[] = {0.05, 0.15, 0.5, 0.85, 0.95};
    // A random sample of 2048 would be within 0.044 (four standard errors in the middle).
    for (std::size_t p = 0; p < 5; ++p) EXPECT_NEAR(found[p], kShares[p], 0.03);
  }
}

TEST(Percentiles, OfFewValuesAreExact) {
  const std::vector<float> values = shuffled(kPercentileSample);
  std::vector<float> copy = values;
  EXPECT_EQ(sampled_percentiles(values), percentiles(copy));
}

}  // namespace
}  // namespace normlab
