#pragma once

#include <vector>

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// Learning curves: training loss step by step, validation loss, validation accuracy and training
/// accuracy epoch by epoch. Adds the data sets they need (curve_rows.h) to `datasets`. Curves that
/// have no rows are left out.
std::vector<Chart> curve_charts(const ReportInput& input, Json& datasets);

/// Validation accuracy and loss once for each value of what the study varies besides the norm,
/// arms with and without it in the same small picture; from the data sets of curve_charts(). Empty
/// when there is only one such value.
std::vector<Chart> small_multiples(const ReportInput& input, const Json& datasets);

}  // namespace normlab
