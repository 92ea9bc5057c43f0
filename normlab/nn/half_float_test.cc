#include "normlab/nn/half_float.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(HalfFloat, WidensBinary16) {
  EXPECT_EQ(widen_f16(0x3c00), 1);
  EXPECT_EQ(widen_f16(0xc000), -2);
  EXPECT_EQ(widen_f16(0x3555), 0x1.554p-2f);  // nearest to 1/3
  EXPECT_EQ(widen_f16(0x7bff), 65504);        // the largest
  EXPECT_EQ(widen_f16(0x0400), 0x1p-14f);     // the smallest normal one
  EXPECT_EQ(widen_f16(0x03ff), 0x1p-14f - 0x1p-24f);
  EXPECT_EQ(widen_f16(0x0001), 0x1p-24f);
  EXPECT_EQ(widen_f16(0x8001), -0x1p-24f);
  EXPECT_EQ(widen_f16(0x7c00), std::numeric_limits<float>::infinity());
  EXPECT_EQ(widen_f16(0xfc00), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(widen_f16(0x7e00)));
  EXPECT_TRUE(std::signbit(widen_f16(0x8000)));
  EXPECT_EQ(widen_f16(0x8000), 0);
}

/// Neighbours differ by a unit in the last place, from zero to the largest.
TEST(HalfFloat, AllOfBinary16RisesInEvenSteps) {
  for (std::uint16_t half = 0; half < 0x7bff; ++half) {
    const int exponent = half >> 10 == 0 ? 1 : half >> 10;
    const float unit = std::ldexp(1.0f, exponent - 25);
    ASSERT_EQ(widen_f16(static_cast<std::uint16_t>(half + 1)) - widen_f16(half), unit) << half;
  }
}

TEST(HalfFloat, WidensBfloat16) {
  EXPECT_EQ(widen_bf16(0x3f80), 1);
  EXPECT_EQ(widen_bf16(0xc040), -3);
  EXPECT_EQ(widen_bf16(0x7f80), std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(widen_bf16(0x7fc0)));
  EXPECT_EQ(widen_bf16(0x0001), std::ldexp(1.0f, -133));
}

}  // namespace
}  // namespace normlab
