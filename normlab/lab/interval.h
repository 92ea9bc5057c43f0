#pragma once

namespace normlab {

/// A closed interval of numbers.
struct Interval {
  double low = 0;
  double high = 0;
};

}  // namespace normlab
