#pragma once

#include <cstdint>
#include <vector>

#include "normlab/base/aligned_buffer.h"

namespace normlab {

/// Pixels. Large ones lie on huge pages: images are picked at random, and on small pages
/// each would cost a walk through the page tables.
using ImageBytes = std::vector<std::uint8_t, AlignedAllocator<std::uint8_t>>;

}  // namespace normlab
