#pragma once

#include "normlab/lab/metric.h"
#include "normlab/train/trial_settings.h"

namespace normlab {

/// Whether the metric is the same function of a network's answers under both settings, so that a
/// difference between its values means something. The training loss has the label smoothing in it;
/// evaluations never have. (Weight decay is in the gradient alone, in no loss.)
bool is_same_quantity(Metric metric, const TrialSettings& a, const TrialSettings& b);

/// Whether a trial's training loss and validation loss are the same function, so that the gap
/// between them means something.
bool has_one_loss(const TrialSettings& settings);

}  // namespace normlab
