#pragma once

#include <cstdint>
#include <span>

#include "normlab/data/dataset.h"

namespace normlab {

/// The share of the most frequent class among those `images` of `set`: the accuracy of a network
/// that always gives the same answer, at its best. 0 for no images.
double majority_share(const ImageSet& set, std::span<const std::uint32_t> images);

}  // namespace normlab
