#pragma once

#include "normlab/report/html/json_value.h"
#include "normlab/report/html/report_input.h"
#include "normlab/train/probe_quantity.h"

namespace normlab {

/// Of what the probes saw, of probed_trials(), the rows of one picture: each has arm, layer, step,
/// the picture's column_field where it has one, and its field, or p5, p15, p50, p85, p95. Of each
/// curve so many that extremes stay (thinning.h).
Json inside_rows(const ReportInput& input, const ProbePicture& picture);

}  // namespace normlab
