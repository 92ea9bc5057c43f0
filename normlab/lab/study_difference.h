#pragma once

#include <span>
#include <string>
#include <vector>

#include "normlab/lab/trial.h"

namespace normlab {

/// The study's seeds as a setting has them, "1..5,9"; empty for a study without trials.
std::string seeds_text(const Study& study);

/// For each study, the settings with their values over its arms, and the seeds, in which it differs
/// from any of the others: "batch=32,64 seed=1..5". Where no setting differs, a word on what else
/// makes other ids. Empty for a single study.
std::vector<std::string> tell_apart(std::span<const Study> studies);

}  // namespace normlab
