#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "normlab/lab/comparison.h"

namespace normlab {

/// The results of one arm in the order of their seeds, one per seed.
using ArmResults = std::vector<const TrialResult*>;

inline std::uint64_t seed_of(const TrialResult* result) {
  return result->trial.settings.seed;
}

/// One metric of arm number `index` against the baseline, paired by seed; `p` and `significant` are
/// left to correct_p_values().
Contrast contrast(std::size_t index, const ArmResults& arm, const ArmResults& baseline,
                  Metric metric, double threshold);

/// Fills in the adjusted p-values of all contrasts and what follows from them.
void correct_p_values(Comparison& comparison);

}  // namespace normlab
