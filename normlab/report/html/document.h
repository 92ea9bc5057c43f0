#pragma once

#include <string>

#include "normlab/report/html/json_value.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// The whole report as the object that web/src/document.ts describes. Every number and sentence is
/// made here; the page only lays them out. The same input gives the same document.
Json report_document(const ReportInput& input);

/// What a study without a title of its own is called.
std::string report_title(const ReportInput& input);

}  // namespace normlab
