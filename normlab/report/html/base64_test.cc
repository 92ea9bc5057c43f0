#include "normlab/report/html/base64.h"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace normlab {
namespace {

std::string encode(std::string_view text) {
  return base64(std::vector<std::uint8_t>(text.begin(), text.end()));
}

// The test vectors of RFC 4648, section 10.
TEST(Base64, IsThatOfTheStandard) {
  EXPECT_EQ(encode(""), "");
  EXPECT_EQ(encode("f"), "Zg==");
  EXPECT_EQ(encode("fo"), "Zm8=");
  EXPECT_EQ(encode("foo"), "Zm9v");
  EXPECT_EQ(encode("foob"), "Zm9vYg==");
  EXPECT_EQ(encode("fooba"), "Zm9vYmE=");
  EXPECT_EQ(encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64(std::vector<std::uint8_t>{0xff, 0xfe, 0xfb}), "//77");
}

}  // namespace
}  // namespace normlab
