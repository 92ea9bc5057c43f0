#include "normlab/lab/statistics_trimmed.h"

#include <vector>

#include <gtest/gtest.h>

#include "normlab/lab/statistics_golden.h"

namespace normlab {
namespace {

TEST(InterquartileMean, AgreesWithScipysTrimmedMean) {
  for (const golden::Sample& sample : golden::kSamples) {
    EXPECT_NEAR(interquartile_mean(sample.values), sample.interquartile_mean, 1e-14) << sample.name;
  }
}

TEST(InterquartileMean, LeavesOutNothingBelowFourValues) {
  EXPECT_EQ(interquartile_mean(std::vector<double>{9, 0, 0}), 3);
  EXPECT_EQ(interquartile_mean(std::vector<double>{100, 2, -50, 4}), 3);
}

}  // namespace
}  // namespace normlab
