#pragma once

#include <optional>
#include <span>

#include "normlab/lab/trial.h"

namespace normlab {

/// What an arm ends with, as a threshold for others: the mean of its last validation accuracies,
/// over the trials that trained (lab/learning.h), rounded down to a whole percent. Absent when none
/// trained, or that is 0.
std::optional<double> ending_accuracy(std::span<const TrialResult* const> arm);

}  // namespace normlab
