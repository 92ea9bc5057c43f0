#pragma once

#include <algorithm>
#include <span>

/// The mean of a population of which only the values are known, not how frequent each is: the
/// weighted mean of the values with weights drawn uniformly from all that are not negative and sum
/// to 1 (Dirichlet's distribution with all parameters 1; "the Bayesian bootstrap", Rubin 1981).
/// Computed exactly, not by drawing.
namespace normlab {

/// P(weighted mean > at). `sorted` ascends, ties are welcome. Up to size^2 / 4 divisions.
///
/// The probability is the divided difference of (x - at)_+^n over the n + 1 values (the
/// Hermite-Genocchi formula); de Boor's recursion for it takes means of probabilities only, so that
/// nothing cancels.
double weighted_mean_above(std::span<const double> sorted, double at);

/// Where a function that falls from at least `level` at `low` to at most `level` at `high`
/// crosses it, to 1e-12 of high - low or what a double resolves (false position, Illinois rule).
template <class Function>
double crossing(const Function& function, double level, double low, double high) {
  double above = function(low) - level;
  double below = function(high) - level;
  const double enough = 1e-12 * (high - low);
  for (int side = 0; high - low > enough && above > below;) {
    // Never nearer to an end than this: the other end would stay where it is.
    const double share = std::clamp(above / (above - below), 0.02, 0.98);
    const double at = low + (high - low) * share;
    if (at <= low || at >= high) break;
    const double value = function(at) - level;
    const int now = value > 0 ? 1 : -1;
    (now > 0 ? low : high) = at;
    (now > 0 ? above : below) = value;
    // An end that was kept twice weighs half.
    if (now == side) (now > 0 ? below : above) /= 2;
    side = now;
  }
  return low + (high - low) / 2;
}

}  // namespace normlab
