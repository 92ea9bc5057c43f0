#pragma once

#include <cstdint>
#include <string>

#include <fmt/format.h>

namespace normlab {

/// The shape of one example between two layers: an NHWC image, or a flat vector that remembers the
/// image it came from.
struct Shape {
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t channels = 0;
  bool flat = false;

  static Shape vector(std::int64_t size) { return {1, 1, size, true}; }

  std::int64_t size() const { return height * width * channels; }
  /// Columns of the activation matrix `rows x channels`, and rows per example.
  std::int64_t matrix_channels() const { return flat ? size() : channels; }
  std::int64_t positions() const { return flat ? 1 : height * width; }

  bool operator==(const Shape&) const = default;
};

inline std::string to_string(const Shape& shape) {
  return shape.flat ? fmt::format("{}", shape.size())
                    : fmt::format("{}x{}x{}", shape.height, shape.width, shape.channels);
}

/// Where element `index` of an example in PyTorch's order (channels, height, width) stands in ours
/// (height, width, channels).
inline std::int64_t from_channel_first(const Shape& shape, std::int64_t index) {
  const std::int64_t positions = shape.height * shape.width;
  return index % positions * shape.channels + index / positions;
}

}  // namespace normlab
