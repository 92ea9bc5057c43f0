#pragma once

#include <string>
#include <vector>

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// The paired differences of arm_pairs(): every seed, the mean and its 95 % interval, in validation
/// accuracy, validation loss, test accuracy and time per step. Adds `differences` (pair, arm,
/// metric, seed, difference) and `mean_differences` (pair, arm, metric, difference, low, high, n)
/// to `datasets`. Metrics without any pair are left out.
std::vector<Chart> difference_charts(const ReportInput& input, Json& datasets);

/// What all of them show, to be said once. Requires: the study has a second arm.
std::string how_to_read_differences(const Study& study);

}  // namespace normlab
