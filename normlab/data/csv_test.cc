#include "normlab/data/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_files;

CsvTable parse(const std::string& text) {
  return parse_csv(bytes_of(text), "t.csv");
}
std::string error(const std::string& text) {
  return request_error([&] { parse(text); });
}

TEST(Csv, ReadsLabelsAndPixels) {
  const CsvTable table = parse("7,0,128,255,3\n1,4,5,6,7\n");
  EXPECT_THAT(table.labels, ElementsAre(7, 1));
  EXPECT_EQ(shape_text(table.images), "2 x 2");
  EXPECT_THAT(table.images.pixels, ElementsAre(0, 128, 255, 3, 4, 5, 6, 7));
  EXPECT_EQ(shape_text(parse("1,2,3\n").images), "1 x 2") << "no square";
}

TEST(Csv, TakesHeadersAndLineEndsAsTheyCome) {
  for (const std::string text :
       {"1,2,3\n4,5,6\n", "1,2,3\n4,5,6", "1,2,3\r\n4,5,6\r\n", "label,1x1,1x2\n1,2,3\n4,5,6\n",
        "\"label\",\"a\",\"b\"\r\n1,2,3\r\n4,5,6",
        "\xef\xbb\xbf"
        "1,2,3\n4,5,6\n",
        " 1, 2, 3\n4 ,5 ,6 \n"}) {
    const CsvTable table = parse(text);
    EXPECT_THAT(table.labels, ElementsAre(1, 4)) << text;
    EXPECT_THAT(table.images.pixels, ElementsAre(2, 3, 5, 6)) << text;
  }
}

TEST(Csv, RefusesRaggedRows) {
  EXPECT_THAT(error("1,2,3\n4,5\n"), HasSubstr("t.csv: line 2 has 2 columns, the first line 3"));
  EXPECT_THAT(error("1,2,3\n4,5,6,7\n"), HasSubstr("line 2 has 4 columns"));
  EXPECT_THAT(error("1,2,3\n\n4,5,6\n"), HasSubstr("line 2 has 1 columns"));
  EXPECT_THAT(error("label,a,b\n1,2\n"), HasSubstr("line 2 has 2 columns, the first line 3"));
}

TEST(Csv, RefusesWhatAreNoPixels) {
  EXPECT_THAT(error("1,2,256\n"), HasSubstr("line 1, column 3: '256' is not a pixel, 0..255"));
  EXPECT_THAT(error("1,-1,2\n"), HasSubstr("column 2: '-1'"));
  EXPECT_THAT(error("1,0.5,2\n"), HasSubstr("column 2: '0.5'"));
  EXPECT_THAT(error("1,,2\n"), HasSubstr("column 2: ''"));
  EXPECT_THAT(error("1,nan,2\n"), HasSubstr("column 2: 'nan'"));
  EXPECT_THAT(error("1,99999999999999999999999999,2\n"), HasSubstr("column 2: '9999"));
  EXPECT_THAT(error("1," + std::string(100'000, '9') + ",2\n"), testing::SizeIs(testing::Lt(200u)));
}

TEST(Csv, RefusesWhatAreNoClasses) {
  EXPECT_THAT(error("1,2,3\n1000,2,3\n"), HasSubstr("t.csv: label 1000 of record 1"));
  EXPECT_THAT(error("-1,2,3\n"), HasSubstr("label -1 of record 0"));
  EXPECT_THAT(error("1,2,3\ncat,2,3\n"),
              HasSubstr("line 2, column 1: 'cat' is not the number of a class"));
}

TEST(Csv, NoticesTablesOfAnotherMaking) {
  EXPECT_THAT(error("1x1,1x2,label\n1,2,3\n"),
              HasSubstr("its column 'label' is not the first; put the label in front"));
  EXPECT_THAT(error("1;2;3\n"), AllOf(HasSubstr("line 1 has one column"), HasSubstr("commas")));
  EXPECT_THAT(error("<!DOCTYPE html>\n"), HasSubstr("one column"));
  EXPECT_THAT(error(""), HasSubstr("t.csv: holds no rows of numbers"));
  EXPECT_THAT(error("label,a,b\n"), HasSubstr("holds no rows of numbers"));
}

}  // namespace
}  // namespace normlab
