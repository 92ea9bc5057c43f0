#pragma once

#include <string>
#include <string_view>

#include "normlab/report/html/json_value.h"

namespace normlab {

/// The page `page_template` with `document` in the place of its only kReportPlaceholder, so that
/// nothing in the document can end the script it stands in: `<` and the line separators that
/// JavaScript takes for line ends are written as escapes, bytes that are not UTF-8 become U+FFFD.
/// Of each of its data sets the fields' names stand there once (web/src/packed_rows.ts). Throws
/// Error when the template has not exactly one such place.
std::string html_report(const Json& document, std::string_view page_template);

}  // namespace normlab
