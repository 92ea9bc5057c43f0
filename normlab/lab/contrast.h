#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "normlab/lab/comparison.h"

namespace normlab {

/// The results of one arm in the order of their seeds, one per seed.
using ArmResults = std::vector<const TrialResult*>;

inline std::uint64_t seed_of(const TrialResult* result) {
  return result->trial.settings.seed;
}

/// Two trials of one seed, and which of them trained (lab/learning.h).
struct Pair {
  const TrialResult* arm = nullptr;
  const TrialResult* baseline = nullptr;
  bool arm_trained = false;
  bool baseline_trained = false;
};
using Pairs = std::vector<Pair>;

/// Those seeds that both have.
Pairs pair_by_seed(const ArmResults& arm, const ArmResults& baseline);

/// One metric over the pairs, of which there may be none, with its own p-value when it is of the
/// family. Which arms they are, the corrected p-value and what follows from it are left to the
/// caller.
Contrast contrast(const Pairs& pairs, Metric metric, std::optional<double> threshold, bool family);

/// In how many of the pairs which trained.
TrainedPairs count_trained(const Pairs& pairs);

/// Fills in the corrected p-values of the family's contrasts, and what follows from them.
void correct_p_values(Comparison& comparison);

}  // namespace normlab
