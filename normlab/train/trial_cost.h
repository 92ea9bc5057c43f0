#pragma once

#include <cstdint>

#include "normlab/train/trial_plan.h"

namespace normlab {

/// What a trial will take, known before it runs.
struct TrialCost {
  double flops = 0;        ///< of all its training steps and evaluations, see training_flops()
  std::int64_t bytes = 0;  ///< of memory while it runs, the data set not counted
  /// Seconds on one core of a machine like the one that the constants were measured on. Elsewhere
  /// only the ratio of two trials' seconds means something.
  double reference_seconds = 0;
};

/// Of the trial that `plan` was made from.
TrialCost trial_cost(const TrialPlan& plan, const Dataset& data);

}  // namespace normlab
