#pragma once

#include "normlab/report/html/json_value.h"
#include "normlab/report/html/report_input.h"

/// Rows of what the probes saw, of probed_trials(): each has arm, layer and step.
namespace normlab {

/// p5, p15, p50, p85, p95 of the pre-activations.
Json activation_rows(const ReportInput& input);
/// dead: share of units that are positive for no image of the probe batch. Layers without any, at
/// any time, are left out.
Json dead_rows(const ReportInput& input);
/// norm: Euclidean norm of the weights' gradient.
Json gradient_rows(const ReportInput& input);
/// parameter ("gamma" or "beta") and its p5 ... p95 over channels.
Json affine_rows(const ReportInput& input);
/// quantity ("mean" or "variance") and distance, means over channels.
Json running_rows(const ReportInput& input);

}  // namespace normlab
