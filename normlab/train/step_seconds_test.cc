#include "normlab/train/step_seconds.h"

#include <vector>

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(TypicalStepSeconds, IsTheMedianWithoutTheFirstSteps) {
  EXPECT_EQ(typical_step_seconds({}), std::nullopt);
  EXPECT_EQ(typical_step_seconds(std::vector<float>{3}), 3) << "a trial of one step";
  EXPECT_EQ(typical_step_seconds(std::vector<float>{9, 3}), 3);
  EXPECT_EQ(typical_step_seconds(std::vector<float>{9, 3, 4}), 3.5);
  std::vector<float> seconds(10, 100.0f);
  seconds.resize(31, 2.0f);
  EXPECT_EQ(typical_step_seconds(seconds), 2);
}

// 1237 ± 2971 µs were once shown where steps take 26.
TEST(TypicalStepSeconds, StepsThatWereHeldUpDoNotMoveIt) {
  std::vector<float> seconds(100, 26e-6f);
  for (std::size_t i = 60; i < 100; ++i) seconds[i] = 5e-3f;
  EXPECT_EQ(typical_step_seconds(seconds), static_cast<double>(26e-6f));
}

}  // namespace
}  // namespace normlab
