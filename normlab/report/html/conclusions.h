#pragma once

#include <vector>

#include "normlab/report/html/finding.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// What the study shows: the differences in loss, test accuracy and training loss, how the effect
/// depends on the batch, what a step costs. Each with its interval; none that was not measured.
std::vector<Finding> shown(const ReportInput& input);

/// What it does not show: limits that follow from its seeds, data, settings and warnings.
std::vector<Finding> not_shown(const ReportInput& input);

}  // namespace normlab
