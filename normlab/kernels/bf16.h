#pragma once

#include <cstdint>

#include "normlab/base/matrix.h"

namespace normlab::kernels {

/// The upper half of a float: the same exponents, and a significand of 8 bits instead of 24.
struct Bf16 {
  std::uint16_t bits = 0;

  friend bool operator==(Bf16, Bf16) = default;
};

using Bf16Matrix = BasicMatrix<Bf16>;
using ConstBf16Matrix = BasicMatrix<const Bf16>;

/// to = from, each rounded to the nearest, ties to even; what lies beyond the largest becomes
/// infinite, a NaN stays one. Both have the same rows and channels.
void to_bf16(Bf16Matrix to, ConstMatrix from);

}  // namespace normlab::kernels
