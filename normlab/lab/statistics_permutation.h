#pragma once

#include <span>

namespace normlab {

/// Two-sided p-value of "the paired differences are symmetric about zero" by flipping their signs
/// (Fisher 1935, "The design of experiments", section 21): the share of sign patterns whose sum is
/// at least as far from zero as the one observed. Exact over all 2^n patterns when these are at
/// most 65,536 (n <= 16), else over the observed one and 65,535 drawn with Philox from a fixed key,
/// so that the same differences in the same order give the same p. Never 0; 1 for no differences.
/// Sums that differ by no more than rounding count as equal.
double sign_flip_p(std::span<const double> differences);

}  // namespace normlab
