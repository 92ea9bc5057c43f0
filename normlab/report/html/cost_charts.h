#pragma once

#include <vector>

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// What training costs: time per step of every trial with the mean of its arm, and, of one probed
/// trial per arm, how a step's time is shared by the kinds of layers. Adds `step_times` (arm, seed,
/// microseconds), `mean_step_times` and `kind_times` (arm, kind, microseconds, share) to
/// `datasets`. Without timings: empty.
std::vector<Chart> cost_charts(const ReportInput& input, Json& datasets);

}  // namespace normlab
