#pragma once

#include <cstdint>
#include <span>

namespace normlab::bench {

/// What repeated measurements of one thing say. Quantiles are interpolated linearly between the
/// sorted values (Hyndman & Fan 1996, type 7).
struct Spread {
  std::int64_t n = 0;
  double median = 0;
  double q1 = 0;  ///< quartiles
  double q3 = 0;
  double low = 0;  ///< 5 and 95 %: the range that comparisons go by
  double high = 0;

  /// Interquartile range over the median.
  double relative_iqr() const { return (q3 - q1) / median; }
};

/// `values` must not be empty.
Spread spread_of(std::span<const double> values);

/// The spread of a[i] / b[i]. Both were measured in the same rounds, so what slows the machine for
/// a while cancels.
Spread spread_of_ratios(std::span<const double> a, std::span<const double> b);

}  // namespace normlab::bench
