#pragma once

#include <string>

#include "normlab/report/html/report_input.h"

namespace normlab {

/// The study in Markdown: title, questions, the answer, the tables of comparison_markdown(), what
/// was measured and what was not, in the sentences of the HTML report, and the command that runs it
/// again. Ends in a newline.
std::string study_markdown(const ReportInput& input);

}  // namespace normlab
