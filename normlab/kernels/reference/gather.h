#pragma once

#include <cstdint>
#include <span>

#include "normlab/kernels/gather.h"

namespace normlab::reference {

/// kernels::gather_scale in double, for reading: the oracle of its tests.
void gather_scale(std::span<double> out, std::span<const std::uint8_t> images,
                  std::span<const std::uint32_t> indices, std::span<const float> scale,
                  std::span<const float> shift);

/// kernels::gather_scale_placed.
void gather_scale_placed(std::span<double> out, std::span<const std::uint8_t> images,
                         std::span<const std::uint32_t> indices,
                         std::span<const kernels::Placement> placements,
                         const kernels::ImageSize& size, std::span<const float> scale,
                         std::span<const float> shift);

}  // namespace normlab::reference
