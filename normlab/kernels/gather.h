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

struct ImageSize {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;
};

/// What is seen of an image: the window of its own size whose upper left pixel is (down, right) in
/// the image, mirrored left to right when asked.
struct Placement {
  std::int32_t down = 0;
  std::int32_t right = 0;
  bool mirrored = false;
};

/// gather_scale of windows: out[r, y, x, c] = image[y + down, x' + right, c] * scale[p] + shift[p]
/// with x' = mirrored ? width - 1 - x : x, p the place in the row of `out`, and placements[r] as
/// index r's. Beyond the image's edges a window shows zeros, to which `shift` is not added. It has a
/// pixel of the image: a move is below the side.
void gather_scale_placed(Matrix out, const std::uint8_t* images,
                         std::span<const std::uint32_t> indices,
                         std::span<const Placement> placements, const ImageSize& size,
                         const float* scale, const float* shift);

}  // namespace normlab::kernels
