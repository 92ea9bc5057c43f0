#pragma once

#include <string_view>

namespace normlab {

/// The report's page with "@REPORT@" where the document goes; empty in a build without it.
std::string_view report_page_template();

}  // namespace normlab
