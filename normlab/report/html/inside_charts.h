#pragma once

#include <vector>

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// What the probes saw, one trial per arm: each picture of train/probe_quantity.h that has values,
/// over training steps. Adds its rows to `datasets`, by its id. Without probes: empty.
std::vector<Chart> inside_charts(const ReportInput& input, Json& datasets);

}  // namespace normlab
