#include "normlab/kernels/reference/gather.h"

#include <cstddef>
#include <cstdint>

namespace normlab::reference {
namespace {

bool is_inside(std::int64_t place, std::int64_t side) {
  return place >= 0 && place < side;
}

}  // namespace

void gather_scale(std::span<double> out, std::span<const std::uint8_t> images,
                  std::span<const std::uint32_t> indices, std::span<const float> scale,
                  std::span<const float> shift) {
  const std::size_t pixels = scale.size();
  for (std::size_t r = 0; r < indices.size(); ++r) {
    for (std::size_t p = 0; p < pixels; ++p) {
      const double byte = images[indices[r] * pixels + p];
      out[r * pixels + p] = byte * static_cast<double>(scale[p]) + static_cast<double>(shift[p]);
    }
  }
}

void gather_scale_placed(std::span<double> out, std::span<const std::uint8_t> images,
                         std::span<const std::uint32_t> indices,
                         std::span<const kernels::Placement> placements,
                         const kernels::ImageSize& size, std::span<const float> scale,
                         std::span<const float> shift) {
  const std::int64_t pixels = size.height * size.width * size.channels;
  for (std::size_t r = 0; r < indices.size(); ++r) {
    const kernels::Placement& placed = placements[r];
    for (std::int64_t p = 0; p < pixels; ++p) {
      const std::int64_t c = p % size.channels;
      const std::int64_t x = p / size.channels % size.width;
      const std::int64_t y = p / size.channels / size.width;
      const std::int64_t turned = placed.mirrored ? size.width - 1 - x : x;
      const std::int64_t row = y + placed.down;
      const std::int64_t column = turned + placed.right;
      double& value = out[r * static_cast<std::size_t>(pixels) + static_cast<std::size_t>(p)];
      value = 0;
      if (!is_inside(row, size.height) || !is_inside(column, size.width)) continue;
      const std::int64_t from =
          std::int64_t{indices[r]} * pixels + (row * size.width + column) * size.channels + c;
      const auto at = static_cast<std::size_t>(p);
      const double byte = images[static_cast<std::size_t>(from)];
      value = byte * static_cast<double>(scale[at]) + static_cast<double>(shift[at]);
    }
  }
}

}  // namespace normlab::reference
