#pragma once

#include <algorithm>
#include <cstdint>

namespace normlab {

struct Range {
  std::int64_t first = 0;
  std::int64_t count = 0;
};

/// A cut of `total` items into pieces of `size` (the last may be smaller). Where a piece begins
/// depends on nothing else, the number of threads least of all: that is what keeps results the same
/// for any number of them.
struct Pieces {
  std::int64_t total = 0;
  std::int64_t size = 1;

  std::int64_t count() const { return (total + size - 1) / size; }
  Range range(std::int64_t piece) const {
    return {piece * size, std::min(size, total - piece * size)};
  }
};

}  // namespace normlab
