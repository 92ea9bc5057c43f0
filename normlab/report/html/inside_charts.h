#pragma once

#include <vector>

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// What the probes saw (train/probe_record.h), one trial per arm: percentiles of the
/// pre-activations of every activation layer, dead ReLUs, gradient norms, gamma and beta, running
/// against batch statistics, all over training steps. Adds `activations`, `dead`, `gradients`,
/// `affine` and `running` to `datasets`; each series thinned so that extremes stay (thinning.h).
/// Without probes: empty.
std::vector<Chart> inside_charts(const ReportInput& input, Json& datasets);

}  // namespace normlab
