#include "normlab/report/study_markdown.h"

#include <vector>

#include <fmt/format.h>

#include "normlab/report/html/answer.h"
#include "normlab/report/html/conclusions.h"
#include "normlab/report/html/document.h"
#include "normlab/report/markdown.h"

namespace normlab {
namespace {

std::string list(const std::string& heading, const std::vector<Finding>& findings) {
  if (findings.empty()) return "";
  std::string text = fmt::format("\n## {}\n\n", heading);
  for (const Finding& finding : findings)
    text += fmt::format("- {}\n", markdown_text(finding.text));
  return text;
}

}  // namespace

std::string study_markdown(const ReportInput& input) {
  std::string text = fmt::format("# {}\n\n", markdown_text(report_title(input)));
  for (const std::string& question : input.questions) {
    text += fmt::format("*{}*\n\n", markdown_text(question));
  }
  const std::vector<Finding> answers = answer(input);
  text += fmt::format("**{}**\n\n", markdown_text(answers.front().text));
  for (std::size_t i = 1; i < answers.size(); ++i) {
    text += fmt::format("{}\n\n", markdown_text(answers[i].text));
  }
  text += comparison_markdown(input.comparison, input.data);
  text += list("What was measured", shown(input));
  text += list("What this study does not show", not_shown(input));
  return text + fmt::format("\n## To run it again\n\n```\n{}\n```\n", input.command);
}

}  // namespace normlab
