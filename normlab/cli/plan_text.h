#pragma once

#include <string>

#include "normlab/lab/study_plan.h"

namespace normlab {

/// What `--dry-run` prints: trials, arms, floating-point operations, memory and time. The time is
/// that of this machine: a few steps of the first arm are trained to see how fast it is.
std::string describe_plan(const PlannedStudy& plan, int jobs);

}  // namespace normlab
