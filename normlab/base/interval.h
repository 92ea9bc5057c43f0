#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace normlab {

/// A closed interval of numbers.
struct Interval {
  double low = 0;
  double high = 0;
};

/// What a quantity can be.
struct Domain {
  static constexpr double kMost = std::numeric_limits<double>::max();

  Interval range = {-kMost, kMost};  ///< its ends are finite, so that every interval's are
  double resolution = 0;  ///< its values are multiples of it: 1 for a count; 0: any number
};

/// What a - b can be, resolved no finer than an independent rounding of both.
inline Domain difference(const Domain& a, const Domain& b) {
  const auto end = [](double x, double y) {
    return std::clamp(x - y, -Domain::kMost, Domain::kMost);
  };
  return {{end(a.range.low, b.range.high), end(a.range.high, b.range.low)},
          std::hypot(a.resolution, b.resolution)};
}

/// What a quantity can be that can be either.
inline Domain either(const Domain& a, const Domain& b) {
  return {{std::min(a.range.low, b.range.low), std::max(a.range.high, b.range.high)},
          std::max(a.resolution, b.resolution)};
}

}  // namespace normlab
