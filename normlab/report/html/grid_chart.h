#pragma once

#include <optional>

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// A heat map of validation accuracy over two settings of the grid, for example learning rate x
/// norm, or learning rate x norm once for each batch size. A cell whose trials all diverged has no
/// colour and a cross; one where some did says how many. Adds `grid` to `datasets`. Absent when the
/// study varies fewer than two settings.
std::optional<Chart> grid_chart(const ReportInput& input, Json& datasets);

}  // namespace normlab
