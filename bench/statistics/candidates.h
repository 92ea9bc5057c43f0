#pragma once

#include <span>
#include <vector>

#include "normlab/lab/interval.h"

/// Intervals of a mean that were considered beside the laboratory's. All nominally 95 %; ends may
/// be infinite or outside the domain. Each requires at least two values.
namespace normlab {

struct Candidate {
  const char* name;
  Interval (*interval)(std::span<const double> values, const Domain& domain);
  bool needs_bounds = false;  ///< works only where the domain's ends are
};

/// All of them, the laboratory's first, Student's second.
std::vector<Candidate> candidates();

/// Those that rest on the domain's bounds alone and so are too careful where values scatter less.
std::vector<Candidate> bounded_candidates();

}  // namespace normlab
