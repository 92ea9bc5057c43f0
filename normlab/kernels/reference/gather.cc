#include "normlab/kernels/reference/gather.h"

#include <cstddef>

namespace normlab::reference {

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

}  // namespace normlab::reference
