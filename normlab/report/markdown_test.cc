#include "normlab/report/markdown.h"

#include <sstream>

#include <gmock/gmock.h>

#include "normlab/lab/mock_study.h"
#include "normlab/report/snapshot.h"
#include "normlab/report/text_layout.h"

namespace normlab {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<DataFacts> kGlyphs = {{"glyphs", "5eed", true, 48000, 12000, 10000}};

std::string markdown(const MockStudy& mock) {
  return comparison_markdown(compare(mock.study, mock.results), kGlyphs);
}

TEST(ComparisonMarkdown, TwoArmsShareATableWithTheirDifference) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 12);
  diverge(mock.record(0, 2));
  const std::string text = markdown(mock);
  EXPECT_EQ(text, snapshot("two_arms.md", text));
}

TEST(ComparisonMarkdown, MoreArmsHaveATableOfDifferences) {
  const std::string text = markdown(mock_study({"batch=32", "batch=64", "batch=128"}, 5));
  EXPECT_EQ(text, snapshot("three_arms.md", text));
}

TEST(ComparisonMarkdown, OneTrial) {
  const std::string text = markdown(mock_study({""}, 1));
  EXPECT_THAT(text, HasSubstr("| result |\n"));
  EXPECT_THAT(text, Not(HasSubstr("minus")));
}

TEST(ComparisonMarkdown, EscapesLabels) {
  const std::string text = markdown(mock_study({"model=a|b*_`<c>\\\nd"}, 2));
  EXPECT_THAT(text, HasSubstr(R"(| model=a\|b\*\_\`\<c\>\\ d |)"));
}

// What the renderer would take for another table or another number of columns.
TEST(ComparisonMarkdown, EveryLineOfATableIsAsWideAsItsFirst) {
  std::istringstream lines(markdown(mock_study({"norm=none", "größer=1"}, 5)));
  std::size_t width = 0;
  int rows = 0;
  for (std::string line; std::getline(lines, line) && line.starts_with("|"); ++rows) {
    if (width == 0) width = display_width(line);
    EXPECT_EQ(display_width(line), width) << line;
  }
  EXPECT_EQ(rows, 10);
}

}  // namespace
}  // namespace normlab
