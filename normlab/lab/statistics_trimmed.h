#pragma once

#include <span>

namespace normlab {

/// The mean of the middle half: floor(n / 4) values are left out at each end (Agarwal et al. 2021,
/// "Deep reinforcement learning at the edge of the statistical precipice"). Requires: not empty.
double interquartile_mean(std::span<const double> values);

}  // namespace normlab
