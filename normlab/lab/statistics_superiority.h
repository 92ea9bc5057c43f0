#pragma once

#include <span>

#include "normlab/lab/interval.h"

namespace normlab {

/// Probability that one arm does better than another under the same seed.
struct Superiority {
  double probability = 0;
  Interval ci95;
};

/// The Wilson score interval, nominally 95 %, of a probability seen `successes` times in `trials`
/// (Wilson 1927; Newcombe 1998, method 3). `successes` may be half-integral. Requires: 0 <=
/// successes <= trials, trials > 0.
Interval wilson_interval(double successes, double trials);

/// The share of positive `advantages`, one per pair, zeros counted half, with its Wilson interval;
/// infinite advantages are welcome. Requires: not empty, no NaN.
Superiority superiority(std::span<const double> advantages);

}  // namespace normlab
