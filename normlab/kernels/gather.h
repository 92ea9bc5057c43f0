#pragma once

#include <cstdint>
#include <span>

#include "normlab/base/matrix.h"

namespace normlab::kernels {

/// out[r, p] = images[indices[r], p] * scale[p] + shift[p]: a batch picked from images of bytes and
/// scaled, in one pass. `out` has one row per index and `out.channels` values per image; scale and
/// shift are as long as an image.
void gather_scale(Matrix out, const std::uint8_t* images, std::span<const std::uint32_t> indices,
                  const float* scale, const float* shift);

}  // namespace normlab::kernels
