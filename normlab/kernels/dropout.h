#pragma once

#include <cstddef>
#include <cstdint>

#include "normlab/base/philox.h"

namespace normlab::kernels {

/// Writes a mask of `count` (a multiple of 4 unless it is the end) factors, element `first + i` of
/// `stream` deciding element i: 0 with probability `rate`, else 1 / (1 - rate); and y = x * mask.
/// `first` is a multiple of 4.
void dropout_forward(float* y, float* mask, const float* x, std::size_t count, float rate,
                     const Philox& stream, std::uint64_t first);

/// dx = dy * mask. dx may be dy.
void dropout_backward(float* dx, const float* dy, const float* mask, std::size_t count);

}  // namespace normlab::kernels
