#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace normlab {

/// Which of `values` to draw so that a curve of about `points` points looks like the curve of all:
/// of each run of neighbours the smallest and the largest, and the first and the last of all. So no
/// spike is lost, wherever it is. Values that are not finite are never drawn. Ascending; all finite
/// ones when there are no more than `points`. Requires: points >= 4.
std::vector<std::size_t> thin(std::span<const float> values, std::size_t points);
std::vector<std::size_t> thin(std::span<const double> values, std::size_t points);

}  // namespace normlab
