#include "normlab/report/number_text.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(JustifiedDecimals, GiveTheUncertaintyTwoSignificantDigits) {
  EXPECT_EQ(justified_decimals(0.0012, 9), 4);
  EXPECT_EQ(justified_decimals(0.21, 9), 2);
  EXPECT_EQ(justified_decimals(1.5, 9), 1);
  EXPECT_EQ(justified_decimals(15, 9), 0);
  EXPECT_EQ(justified_decimals(1500, 9), 0);
  EXPECT_EQ(justified_decimals(3e-8, 9), 8);
}

TEST(JustifiedDecimals, FallBackWithoutAnUncertainty) {
  EXPECT_EQ(justified_decimals(0, 4), 4);
  EXPECT_EQ(justified_decimals(1e-17, 4), 4) << "a rounding error";
  EXPECT_EQ(justified_decimals(std::numeric_limits<double>::quiet_NaN(), 4), 4);
  EXPECT_EQ(justified_decimals(std::numeric_limits<double>::infinity(), 4), 4);
}

TEST(Fixed, NeverShowsANegativeZero) {
  EXPECT_EQ(fixed(-0.0004, 2), "0.00");
  EXPECT_EQ(fixed(-0.006, 2), "-0.01");
  EXPECT_EQ(fixed(0, 0), "0");
  EXPECT_EQ(fixed(2250, 0), "2250");
  EXPECT_EQ(fixed(-40638501746535544, 4), "-4.06e+16");
}

TEST(Grouped, SetsCommas) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(48000), "48,000");
  EXPECT_EQ(grouped(-123456), "-123,456");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

}  // namespace
}  // namespace normlab
