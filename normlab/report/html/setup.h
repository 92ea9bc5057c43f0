#pragma once

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// What was compared: images of the data, the model layer by layer, settings in which arms differ.
Json setup(const ReportInput& input);

}  // namespace normlab
