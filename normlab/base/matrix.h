#pragma once

#include <cstdint>

namespace normlab {

/// A view of `rows x channels` values, row-major, channels contiguous; `stride` values from one row
/// to the next. Dense activations are (N, C), convolutional ones NHWC seen as (N*H*W, C). Does not
/// own its data.
template <class T>
struct BasicMatrix {
  T* data = nullptr;
  std::int64_t rows = 0;
  std::int64_t channels = 0;
  std::int64_t stride = 0;

  T* row(std::int64_t r) const { return data + r * stride; }

  /// Rows [first, first + count).
  BasicMatrix row_range(std::int64_t first, std::int64_t count) const {
    return {row(first), count, channels, stride};
  }
  /// Channels [first, first + count) of every row.
  BasicMatrix channel_range(std::int64_t first, std::int64_t count) const {
    return {data + first, rows, count, stride};
  }

  operator BasicMatrix<const T>() const { return {data, rows, channels, stride}; }
};

using Matrix = BasicMatrix<float>;
using ConstMatrix = BasicMatrix<const float>;

}  // namespace normlab
