#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "normlab/kernels/kernel_test.h"

namespace normlab::kernels {

/// One shape of a matrix in memory, for tests of kernels that work on matrices.
struct MatrixCase {
  std::int64_t rows = 0;
  std::int64_t channels = 0;
  std::int64_t gap = 0;           ///< between rows
  std::int64_t misalignment = 0;  ///< of the first row

  std::string text() const {
    return fmt::format("rows={} channels={} gap={} misalignment={}", rows, channels, gap,
                       misalignment);
  }
  std::int64_t size() const { return rows * channels; }

  /// An array of this shape with these values.
  Guarded<float> array() const {
    return Guarded<float>(rows, channels, channels + gap, misalignment);
  }
  Guarded<float> array(std::span<const float> values) const {
    return Guarded<float>(rows, channels, channels + gap, misalignment, values);
  }
};

/// Rows around the block of 128, channels around every vector width, with and without gaps; and
/// tall matrices, of which the kernels see several rows as one (RowFold), some rows being left
/// over.
inline std::vector<MatrixCase> matrix_grid() {
  std::vector<MatrixCase> grid;
  for (const std::int64_t rows : {1, 2, 3, 17, 128, 129, 300}) {
    for (const std::int64_t channels : {1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100}) {
      grid.push_back({rows, channels, 0, 0});
      grid.push_back({rows, channels, 0, 1});
      grid.push_back({rows, channels, 5, 0});
      grid.push_back({rows, channels, 5, 3});
    }
  }
  for (const std::int64_t channels : {1, 3, 10, 17, 33}) grid.push_back({4500, channels, 0, 1});
  return grid;
}

}  // namespace normlab::kernels
