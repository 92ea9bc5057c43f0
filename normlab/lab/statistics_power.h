#pragma once

#include <cstddef>

namespace normlab {

/// What is called significant: an adjusted p of at most this.
inline constexpr double kSignificance = 0.05;

/// The fewest pairs with which a sign-flip test can be significant when Holm's correction counts
/// `tests` tests: the smallest n with tests * 2 / 2^n <= kSignificance. Six for one test: five
/// pairs give 2 / 2^5 = 0.0625 at best. Requires: tests >= 1.
std::size_t pairs_for_significance(std::size_t tests);

/// About how many pairs show a difference whose true mean and standard deviation are those given
/// with probability 0.8, when Holm's correction counts `tests` tests: the paired t-test's number by
/// Guenther's (1981) approximation, not below pairs_for_significance(tests). Requires: mean != 0,
/// sd >= 0, tests >= 1.
std::size_t pairs_for_power(double mean, double sd, std::size_t tests);

}  // namespace normlab
