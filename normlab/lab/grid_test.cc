#include "normlab/lab/grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> values_of(std::string_view argument) {
  return parse_axis(argument).values;
}

std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const RequestError& error) {
    return error.what();
  }
  return "no error";
}

std::string axis_error(std::string_view argument) {
  return error_of([&] { parse_axis(argument); });
}

std::string grid_error(const std::string& model, const std::vector<std::string>& arguments) {
  return error_of([&] { parse_grid(model, arguments); });
}

TEST(Axis, ListsAndRanges) {
  EXPECT_THAT(values_of("lr=0.1"), ElementsAre("0.1"));
  EXPECT_THAT(values_of("lr=1e-1, 0.01 ,1e-5"), ElementsAre("0.1", "0.01", "1e-5"));
  EXPECT_THAT(values_of("seed=1..5"), ElementsAre("1", "2", "3", "4", "5"));
  EXPECT_THAT(values_of("seed=1..3,10,7..8"), ElementsAre("1", "2", "3", "10", "7", "8"));
  EXPECT_THAT(values_of("seed=4..4"), ElementsAre("4"));
  EXPECT_THAT(values_of("norm=none,batch"), ElementsAre("none", "batch"));
}

TEST(Axis, TwoDotsAreARangeForWholeNumbersOnly) {
  EXPECT_THAT(values_of("input_scale=-1..1,0..1"), ElementsAre("-1..1", "0..1"));
}

TEST(Axis, SpacedValues) {
  EXPECT_THAT(values_of("lr=log(1e-4,1,9)"),
              ElementsAre("0.0001", "0.000316228", "0.001", "0.00316228", "0.01", "0.0316228",
                          "0.1", "0.316228", "1"));
  EXPECT_THAT(values_of("lr=log( 1 , 0.01 , 3 ),5"), ElementsAre("1", "0.1", "0.01", "5"));
  EXPECT_THAT(values_of("lr=lin(0.1,0.5,5)"), ElementsAre("0.1", "0.2", "0.3", "0.4", "0.5"));
  EXPECT_THAT(values_of("lr=lin(0.12345678,1,2)"), ElementsAre("0.12345678", "1"));
  EXPECT_THAT(values_of("batch=log(16,256,5)"), ElementsAre("16", "32", "64", "128", "256"));
  EXPECT_THAT(values_of("batch=lin(1,10,4)"), ElementsAre("1", "4", "7", "10"));
}

TEST(Axis, QuotedValuesAreTakenAsTheyAre) {
  EXPECT_THAT(values_of("model=\"flatten, linear 10\",mlp-128-64"),
              ElementsAre("flatten, linear 10", "mlp-128-64"));
  EXPECT_THAT(values_of("data=log(1,2"), ElementsAre("log(1", "2"));
}

TEST(Axis, ErrorsQuoteTheRequest) {
  EXPECT_EQ(axis_error("lr"), "'lr': expected key=value");
  EXPECT_EQ(axis_error("lr="), "lr=: a value is missing");
  EXPECT_EQ(axis_error("lr=0.1,"), "lr=0.1,: a value is missing");
  EXPECT_EQ(axis_error("lr=0.1,,0.2"), "lr=0.1,,0.2: a value is missing");
  EXPECT_EQ(axis_error("lr=0.1,-1"), "lr=-1: expected a number above 0 and at most 1000000");
  EXPECT_EQ(axis_error("lr=0.1,1e-1"), "lr=0.1,1e-1: the value 0.1 is given twice");
  EXPECT_EQ(axis_error("seed=1..3,2"), "seed=1..3,2: the value 2 is given twice");
  EXPECT_EQ(axis_error("seed=5..1"),
            "seed=5..1: a range is two whole numbers in ascending order, 1..5");
  EXPECT_EQ(axis_error("seed=1..x"),
            "seed=1..x: a range is two whole numbers in ascending order, 1..5");
  EXPECT_EQ(axis_error("seed=1..1000000000000"), "seed=1..1000000000000: more than 100000 values");
  EXPECT_EQ(axis_error("seed=-9223372036854775808..9223372036854775807"),
            "seed=-9223372036854775808..9223372036854775807: more than 100000 values");
  EXPECT_EQ(axis_error("data=\"a"), "data=\"a: the closing double quote is missing");
  EXPECT_EQ(axis_error("data=\"a\"b"), "data=\"a\"b: expected a comma before 'b'");
  EXPECT_THAT(axis_error("learning=0.1"), HasSubstr("unknown setting 'learning'"));
}

TEST(Axis, ErrorsOfSpacedValues) {
  const std::string expected =
      ": expected log(FIRST,LAST,COUNT): two numbers and how many values, 2 or more";
  for (const std::string text : {"lr=log()", "lr=log(1,2)", "lr=log(1,2,1)", "lr=log(1,2,x)",
                                 "lr=log(1,2,3,4)", "lr=log(a,2,3)", "lr=log(nan,2,3)"}) {
    EXPECT_EQ(axis_error(text), text + expected);
  }
  EXPECT_EQ(axis_error("lr=log(0,1,3)"), "lr=log(0,1,3): log() needs numbers above 0");
  EXPECT_EQ(axis_error("lr=log(1,2,3"), "lr=log(1,2,3: the closing parenthesis is missing");
  EXPECT_EQ(axis_error("lr=lin(1,2,3)x"), "lr=lin(1,2,3)x: expected a comma before 'x'");
  EXPECT_EQ(axis_error("lr=lin(0,1,1000000)"), "lr=lin(0,1,1000000): more than 100000 values");
  EXPECT_EQ(axis_error("lr=lin(-1e308,1e308,3)"),
            "lr=lin(-1e308,1e308,3): the numbers are too far apart");
  EXPECT_EQ(axis_error("batch=lin(1,2,5)"), "batch=lin(1,2,5): the value 1 is given twice");
}

TEST(Axis, ADecimalCommaIsRecognised) {
  EXPECT_EQ(axis_error("weight_decay=0,0005"),
            "weight_decay=0,0005: '0005' begins with a zero: a comma separates values, and a "
            "decimal point is written 0.0005");
  EXPECT_EQ(axis_error("batch=1,024"),
            "batch=1,024: '024' begins with a zero: a comma separates values, and a decimal point "
            "is written 1.024");
  EXPECT_EQ(axis_error("lr=0,1"),
            "lr=0: expected a number above 0 and at most 1000000; a comma separates values, and a "
            "decimal point is written 0.1");
  EXPECT_EQ(axis_error("momentum=0,9"),
            "momentum=9: expected a number of at least 0 and below 1; a comma separates values, "
            "and a decimal point is written 0.9");
  EXPECT_THAT(values_of("weight_decay=0,0.0005"), ElementsAre("0", "0.0005"));
}

TEST(Axis, NumbersInFormsThatNobodyWritesAreRefused) {
  for (const char* value : {"05", "-05", "00", "+5", "0x10", "1e400", "1e-400", "nan", "inf", "5f",
                            "1_000", "\t5", "5;", "1,000", "1,05", "lin(01,2,3)", "log(1,2,03)"}) {
    EXPECT_NE(axis_error(std::string("gamma_init=") + value), "no error") << value;
    EXPECT_NE(axis_error(std::string("batch=") + value), "no error") << value;
  }
  for (const char* argument : {"seed=01..5", "seed=1..05", "seed=+1..5", "schedule=step:05:0.1",
                               "schedule=step:5:00.1", "init=normal:+1", "init=normal:01"})
    EXPECT_NE(axis_error(argument), "no error") << argument;
  EXPECT_EQ(axis_error("seed=007"), "seed=007: '007' begins with a zero: write 7");
  EXPECT_THAT(values_of("weight_decay=.5,5.,1e-05,-0"), ElementsAre("0.5", "5", "1e-5", "0"));
  EXPECT_EQ(axis_error("weight_decay=0,-0"), "weight_decay=0,-0: the value 0 is given twice");
}

TEST(Axis, ListsOfOtherLanguagesAreRecognised) {
  for (const char* list : {"[32,64]", "(32,64)", "{32,64}", "[32]"})
    EXPECT_THAT(axis_error(std::string("batch=") + list), HasSubstr("without brackets")) << list;
  EXPECT_THAT(axis_error("lr=1e-3..1e-1"), HasSubstr("lin(FIRST,LAST,COUNT)"));
  EXPECT_THAT(axis_error("validation=20%"), HasSubstr("percent are written as a share, 0.2"));
}

TEST(Axis, EmptyValuesAreRefused) {
  for (const char* argument : {"lr=", "lr= ", "lr=,", "lr=1,", "lr=,1", "data=", "data=\"\"",
                               "norm=", "seed=", "seed=..", "seed=1..", "model=", "init="})
    EXPECT_NE(axis_error(argument), "no error") << argument;
}

TEST(Grid, AddsTheDefaultAxesAtTheEnd) {
  const std::vector<Axis> axes = parse_grid("cnn-32", std::vector<std::string>{"batch=32,64"});
  ASSERT_EQ(axes.size(), 4u);
  EXPECT_EQ(axes[0].setting->key, "model");
  EXPECT_EQ(axes[1].setting->key, "batch");
  EXPECT_TRUE(axes[1].given);
  EXPECT_EQ(axes[2].setting->key, "norm");
  EXPECT_THAT(axes[2].values, ElementsAre("none", "batch"));
  EXPECT_FALSE(axes[2].given);
  EXPECT_EQ(axes[3].setting->key, "seed");
  EXPECT_EQ(axes[3].values.size(), 10u);
}

TEST(Grid, TheModelIsNotSplitAtItsCommas) {
  const auto axes = parse_grid("flatten, linear 10", std::vector<std::string>{});
  EXPECT_THAT(grid_values(axes, "model"), ElementsAre("flatten, linear 10"));
  EXPECT_THAT(grid_values(axes, "lr"), ElementsAre("0.001"));
}

TEST(Grid, RefusesAKeyGivenTwice) {
  EXPECT_EQ(grid_error("m", {"lr=1", "batch=3", "lr=2"}),
            "lr is given twice: put its values into one list, lr=A,B");
  EXPECT_EQ(grid_error("m", {"model=cnn-32"}),
            "model is given twice: put its values into one list, model=A,B");
}

TEST(Grid, NeedsAModel) {
  EXPECT_EQ(grid_error("", {"lr=1"}), "no model is given: name one, or list its layers");
  EXPECT_EQ(grid_error("", {"model=a,b"}), "no error");
}

TEST(Grid, HasAMostNumberOfTrials) {
  EXPECT_EQ(grid_error("m", {"seed=1..50000"}), "no error");
  EXPECT_THAT(grid_error("m", {"seed=1..50001"}), HasSubstr("more than 100000 trials"));
  EXPECT_THAT(
      grid_error("m", {"seed=1..100000", "epochs=1..100000", "batch=1..100000", "steps=1..100000"}),
      HasSubstr("more than 100000 trials"));
}

}  // namespace
}  // namespace normlab
