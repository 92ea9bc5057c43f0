#pragma once

#include <cstddef>

#include "normlab/lab/trial.h"

namespace normlab {

/// The arm that arm number `arm` is compared with: the first that has the norm of the study's first
/// arm and differs from `arm` in the norm alone; the study's first arm where there is none such, or
/// `arm` has that norm itself. So in a grid of norms and batch sizes each batch size has its own
/// baseline. Index into Study::arms; 0 for arm 0.
std::size_t baseline_of(const Study& study, std::size_t arm);

}  // namespace normlab
