#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "normlab/base/moments.h"
#include "normlab/data/dataset.h"

namespace normlab {

/// Count, mean and squared deviations of the bytes of each channel over the images `images` of
/// `set`. Exact up to the rounding of the last step, as sums of bytes and of their squares are
/// integers.
std::vector<Moments> channel_moments(const ImageSet& set, std::int32_t channels,
                                     std::span<const std::uint32_t> images);
/// Over all images.
std::vector<Moments> channel_moments(const ImageSet& set, std::int32_t channels);

}  // namespace normlab
