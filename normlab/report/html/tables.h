#pragma once

#include <vector>

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// The comparison of report/table.h as tables of the page: metrics as rows for up to three arms,
/// else arms as rows.
std::vector<TableText> comparison_tables(const ReportInput& input);

/// One row per trial, folded up.
TableText trial_table(const ReportInput& input);

}  // namespace normlab
