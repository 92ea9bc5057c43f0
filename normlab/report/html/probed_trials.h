#pragma once

#include <cstddef>
#include <vector>

#include "normlab/report/html/report_input.h"

namespace normlab {

/// Pictures of the inside of networks stand side by side: more arms than this are not drawn.
inline constexpr std::size_t kMostProbedArms = 6;

/// One trial with a probe for each arm that has one, that of the smallest seed, a finished one
/// where there is one; in the order of the arms, kMostProbedArms at most.
std::vector<const TrialResult*> probed_trials(const ReportInput& input);

/// The same for predictions.
std::vector<const TrialResult*> predicted_trials(const ReportInput& input);

}  // namespace normlab
