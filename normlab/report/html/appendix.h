#pragma once

#include <string>
#include <vector>

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// Files that the reader can save from the page.
struct Downloads {
  Json files = Json::array();
  /// Names of those too large for a page that can be mailed.
  std::vector<std::string> left_out = {};
};

/// Everything needed to run the study again, and the trials one by one.
Json appendix(const ReportInput& input);

/// The study in the formats of `normlab report`, as files.
Downloads downloads(const ReportInput& input);

/// The name as a file's or folder's: letters, digits, '.', '_' and '-' stay, all else becomes '-'.
/// Never empty, never hidden.
std::string file_name(const std::string& name);

}  // namespace normlab
