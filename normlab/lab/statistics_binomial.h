#pragma once

#include <cstdint>

namespace normlab {

/// P(X >= successes) of a binomial X with so many `trials` of `probability`, to about 1e-9
/// relative. Requires: 0 <= successes <= trials, 0 <= probability <= 1.
double binomial_upper_tail(std::int64_t successes, std::int64_t trials, double probability);

}  // namespace normlab
