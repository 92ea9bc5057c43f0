#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "normlab/lab/trial.h"

namespace normlab {

/// The order in which a study's trials run, as places in Study::trials. All arms of a seed come
/// together, the seeds in the order in which the study has them: what is there after an
/// interruption is paired. Every other seed has its arms the other way round, so that no arm is
/// always first and none has the quiet half of a busy machine's day. The last seed has the longest
/// trials first, so that no long one is left over in the end. `costs`: what each trial takes, in
/// any unit; empty when that is not known.
std::vector<std::size_t> trial_order(const Study& study, std::span<const double> costs);

}  // namespace normlab
