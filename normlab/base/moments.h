#pragma once

#include <cmath>
#include <limits>
#include <span>

namespace normlab {

/// Count, mean and sum of squared deviations from the mean of a set of numbers.
struct Moments {
  double count = 0;
  double mean = 0;
  double m2 = 0;

  /// m2 / count: what batch normalization divides by.
  double biased_variance() const { return m2 / count; }
  /// m2 / (count - 1): the estimate of the population's variance; NaN for fewer than two numbers.
  double unbiased_variance() const {
    return count > 1 ? m2 / (count - 1) : std::numeric_limits<double>::quiet_NaN();
  }
  double standard_deviation() const { return std::sqrt(unbiased_variance()); }
};

/// The moments of the union of two disjoint sets (Chan, Golub & LeVeque 1983, eq. 2.1). Never
/// subtracts two large numbers, so it stays exact where `E[x^2] - E[x]^2` does not.
constexpr Moments merge(const Moments& a, const Moments& b) {
  if (a.count == 0) return b;
  if (b.count == 0) return a;
  const double count = a.count + b.count;
  const double delta = b.mean - a.mean;
  return {count, a.mean + delta * (b.count / count),
          a.m2 + b.m2 + delta * delta * (a.count * b.count / count)};
}

/// The moments of `values`, added one at a time.
constexpr Moments moments_of(std::span<const double> values) {
  Moments total;
  for (const double value : values) total = merge(total, {1, value, 0});
  return total;
}

}  // namespace normlab
