#pragma once

#include <optional>

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// The share of each arm's trials that have not yet reached a validation accuracy, step by step
/// (Kaplan-Meier), for a choice of accuracies on a slider. Adds `survival` (threshold, arm, step,
/// epoch, waiting) to `datasets`. Absent when no trial has an epoch.
std::optional<Chart> survival_chart(const ReportInput& input, Json& datasets);

}  // namespace normlab
