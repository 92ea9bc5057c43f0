#pragma once

#include <optional>
#include <vector>

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// A few training images of each class, the first of each.
std::optional<Json> sample_images(const ReportInput& input);

/// What the trained networks got wrong on the test images: for one trial of each arm the confusion
/// matrix and the images misclassified with the highest probability, and for the first two arms of
/// arm_pairs() the images where they disagree. Adds `confusion` (arm, truth, predicted, count,
/// share, wrong) to `datasets`. Empty without predictions.
std::vector<Json> error_blocks(const ReportInput& input, Json& datasets);

}  // namespace normlab
