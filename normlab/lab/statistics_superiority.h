#pragma once

#include <span>

#include "normlab/base/interval.h"

namespace normlab {

/// Probability that one arm does better than another under the same seed.
struct Superiority {
  double probability = 0;
  Interval ci95;
};

/// The share of positive `advantages`, one per pair, zeros counted half, with its exact interval
/// (share_interval()): it leaves one half out when all pairs agree from six pairs on, as the
/// sign-flip test does. Infinite advantages are welcome. Requires: not empty, no NaN.
Superiority superiority(std::span<const double> advantages);

}  // namespace normlab
