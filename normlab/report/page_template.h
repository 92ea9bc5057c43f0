#pragma once

#include <string_view>

namespace normlab {

/// The report page of web/, one self-contained HTML file (about 1 MB of UTF-8). kReportPlaceholder
/// stands in it exactly once, inside a <script type="application/json"> element: put the document
/// there as JSON in which every `<` is written \u003c. Empty in a build with -DNORMLAB_WEB=OFF. The
/// text lives as long as the program; safe from any thread.
std::string_view report_page_template();

inline constexpr std::string_view kReportPlaceholder = "@REPORT@";

}  // namespace normlab
