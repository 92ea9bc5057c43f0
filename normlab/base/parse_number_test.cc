#include "normlab/base/parse_number.h"

#include <cmath>

#include <gtest/gtest.h>

namespace normlab {
namespace {

struct Case {
  const char* text;
  std::optional<double> number;
  std::optional<std::int64_t> whole;
};

/// Every form that someone, or some program, may write; options, settings, layers and shapes are
/// all read so.
const Case kForms[] = {
    {"0", 0.0, 0},
    {"7", 7.0, 7},
    {"-12", -12.0, -12},
    {"-0", 0.0, 0},
    {"10", 10.0, 10},
    {"0.5", 0.5, {}},
    {".5", 0.5, {}},
    {"5.", 5.0, {}},
    {"-1.5e-3", -0.0015, {}},
    {"1e-05", 1e-5, {}},
    {"1E3", 1000.0, {}},
    {"1e+3", 1000.0, {}},
    {"0e5", 0.0, {}},
    {"-0.0", 0.0, {}},
    {"9223372036854775807", 9223372036854775807.0, 9223372036854775807},
    {"9223372036854775808", 9223372036854775808.0, {}},
    {"4e-324", 4e-324, {}},
    // What is refused.
    {"", {}, {}},
    {" ", {}, {}},
    {" 5", {}, {}},
    {"5 ", {}, {}},
    {"5\n", {}, {}},
    {"5\t", {}, {}},
    {"+5", {}, {}},
    {"+0.5", {}, {}},
    {"--5", {}, {}},
    {"- 5", {}, {}},
    {"05", {}, {}},
    {"0005", {}, {}},
    {"-05", {}, {}},
    {"00", {}, {}},
    {"000", {}, {}},
    {"00.5", {}, {}},
    {"01e3", {}, {}},
    {"0x10", {}, {}},
    {"0x1p-3", {}, {}},
    {"0b1", {}, {}},
    {"1e400", {}, {}},
    {"-1e400", {}, {}},
    {"1e-400", {}, {}},
    {"nan", {}, {}},
    {"NaN", {}, {}},
    {"nan(1)", {}, {}},
    {"inf", {}, {}},
    {"-inf", {}, {}},
    {"Infinity", {}, {}},
    {"1,5", {}, {}},
    {"1'000", {}, {}},
    {"1_000", {}, {}},
    {"1e", {}, {}},
    {"e5", {}, {}},
    {".", {}, {}},
    {"-", {}, {}},
    {"1.2.3", {}, {}},
    {"5x", {}, {}},
    {"5f", {}, {}},
    {"95%", {}, {}},
    {"1/2", {}, {}},
    {"\xd9\xa3", {}, {}},      // an Arabic digit
    {"\xef\xbc\x95", {}, {}},  // a full-width digit
    {"\xe2\x88\x92"
     "5",
     {},
     {}},  // a typographic minus
};

TEST(ParseNumber, TakesEveryFormThatPeopleWriteAndNoOther) {
  for (const Case& form : kForms) {
    EXPECT_EQ(parse_number(form.text), form.number) << '\'' << form.text << '\'';
    EXPECT_EQ(parse_whole(form.text), form.whole) << '\'' << form.text << '\'';
  }
}

TEST(ParseNumber, MinusZeroIsZero) {
  EXPECT_FALSE(std::signbit(*parse_number("-0")));
  EXPECT_FALSE(std::signbit(*parse_number("-0.0")));
}

TEST(ParseNumber, AdvisesOnLeadingZerosOnly) {
  EXPECT_EQ(leading_zero_advice("0005"), "'0005' begins with a zero: write 5");
  EXPECT_EQ(leading_zero_advice("-00.5"), "'-00.5' begins with a zero: write -0.5");
  EXPECT_EQ(leading_zero_advice("000"), "'000' begins with a zero: write 0");
  for (const char* text : {"", "0", "-0", "0.5", "5", "x", "0x10"})
    EXPECT_EQ(leading_zero_advice(text), "") << text;
}

}  // namespace
}  // namespace normlab
