#pragma once

#include <vector>

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// What each class of test images was taken for, one matrix for each of `trials`. Adds `confusion`
/// to `datasets`. Requires: images, and predictions for each of them in every trial.
Chart confusion_chart(const ReportInput& input, const std::vector<const TrialResult*>& trials,
                      Json& datasets);

}  // namespace normlab
