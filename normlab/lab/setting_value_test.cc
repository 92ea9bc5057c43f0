#include "normlab/lab/setting_value.h"

#include <bit>
#include <cmath>

#include <gtest/gtest.h>

#include "normlab/base/parse_number.h"
#include "normlab/base/philox.h"

namespace normlab {
namespace {

TEST(SettingValue, WritesNumbersAsPeopleDo) {
  EXPECT_EQ(format_number(0.001), "0.001");
  EXPECT_EQ(format_number(1e-5), "1e-5");
  EXPECT_EQ(format_number(1e-10), "1e-10");
  EXPECT_EQ(format_number(0.1), "0.1");
  EXPECT_EQ(format_number(1), "1");
  EXPECT_EQ(format_number(-0.5), "-0.5");
  EXPECT_EQ(format_number(1000000), "1000000");
  EXPECT_EQ(format_number(1e300), "1e+300");
  EXPECT_EQ(format_number(1e-100), "1e-100");
}

TEST(SettingValue, EveryFiniteNumberComesBackToTheSameBits) {
  Philox random(7, Purpose::test, 0);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t high = random.next();
    const auto bits = (high << 32) | random.next();
    const auto value = std::bit_cast<double>(bits);
    if (!std::isfinite(value)) continue;
    const auto back = parse_number(format_number(value));
    ASSERT_TRUE(back) << format_number(value);
    ASSERT_EQ(std::bit_cast<std::uint64_t>(*back), bits) << format_number(value);
  }
}

TEST(SettingValue, RangesHoldTheirBoundsAsTheySay) {
  const NumberRange range{.low = 0, .high = 1, .low_included = false};
  EXPECT_FALSE(range.contains(0));
  EXPECT_TRUE(range.contains(1e-300));
  EXPECT_TRUE(range.contains(1));
  EXPECT_FALSE(range.contains(std::nextafter(1.0, 2.0)));
  EXPECT_FALSE(range.contains(std::nan("")));
  EXPECT_EQ(range.describe(), "a number above 0 and at most 1");
  const NumberRange share{.low = 0, .high = 1, .high_included = false};
  EXPECT_TRUE(share.contains(0));
  EXPECT_FALSE(share.contains(1));
  EXPECT_EQ(share.describe(), "a number of at least 0 and below 1");
}

}  // namespace
}  // namespace normlab
