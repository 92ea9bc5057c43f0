#pragma once

#include <span>
#include <string>
#include <vector>

#include "normlab/lab/trial.h"

namespace normlab {

/// For each study, the settings with their values over its arms, and the seeds, in which it differs
/// from any of the others: "batch=32,64 seed=1..5". Where no setting differs, a word on what else
/// makes other ids. Empty for a single study.
std::vector<std::string> tell_apart(std::span<const Study> studies);

}  // namespace normlab
