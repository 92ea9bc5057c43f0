#include "normlab/report/study_markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/lab/mock_study.h"

namespace normlab {
namespace {

using testing::HasSubstr;

ReportInput input_of(const MockStudy& mock) {
  ReportInput input;
  input.study = mock.study;
  input.results = mock.results;
  input.comparison = compare(mock.study, mock.results);
  input.data = {{"glyphs", "5eed", true, 48000, 12000, 10000}};
  input.title = "With <b> against without";
  input.questions = {"Does it help?"};
  input.command = "normlab run mlp-128-64 --data glyphs";
  return input;
}

TEST(StudyMarkdown, AnswersBeforeItShowsTheTable) {
  const std::string text = study_markdown(input_of(mock_study({"norm=none", "norm=batch"}, 5)));
  EXPECT_THAT(text, testing::StartsWith("# With \\<b\\> against without\n\n*Does it help?*\n\n**"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "validation accuracy after 5 epochs is 0.95 points higher [0.63, 1.26], 5 paired seeds"));
  EXPECT_LT(text.find("points higher"), text.find("| train loss"));
  EXPECT_LT(text.find("| train loss"), text.find("## What was measured"));
  EXPECT_THAT(text, HasSubstr("## What this study does not show\n\n- "));
  EXPECT_THAT(text, testing::EndsWith("```\nnormlab run mlp-128-64 --data glyphs\n```\n"));
}

TEST(StudyMarkdown, OneTrialNeedsNoComparison) {
  const std::string text = study_markdown(input_of(mock_study({"norm=batch"}, 1)));
  EXPECT_THAT(text, HasSubstr("| train loss"));
}

}  // namespace
}  // namespace normlab
