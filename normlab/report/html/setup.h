#pragma once

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// What was compared: images of the data, the model layer by layer, settings.
Json setup(const ReportInput& input);

/// Settings in which arms differ, a value for each arm, and those that all share.
Json settings_block(const Study& study);

}  // namespace normlab
