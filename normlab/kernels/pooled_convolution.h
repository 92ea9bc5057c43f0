#pragma once

#include <cstdint>

#include "normlab/base/matrix.h"
#include "normlab/kernels/direct_convolution.h"
#include "normlab/kernels/moments.h"
#include "normlab/kernels/norm.h"

/// A convolution of few taps with all that follows it up to a maximum pooling, one window after the
/// other: the convolution's outputs are in registers only, on the way forward and again on the way
/// back. Bound by multiply-adds where five passes over the outputs would be bound by the caches.
///
/// Stateless and thread-safe.
namespace normlab::kernels {

/// Some output rows of one image's convolution. Windows do not overlap; rows and columns behind the
/// last whole window are in none, but are normalized like all others.
struct PooledRows {
  static bool suits(std::int64_t window) { return window == 2 || window == 3; }

  DirectConvolution::Input input;
  std::int64_t channels = 0;       ///< of the output, as DirectConvolution::suits has them
  std::int64_t window = 0;         ///< side, and stride
  const float* weights = nullptr;  ///< packed
  const float* bias = nullptr;     ///< zeros where there is none
  bool relu = false;               ///< right behind the convolution

  std::int64_t windows_in_row() const { return input.positions / window; }
};

/// peaks[window, c] = the output of the window for which directions[c] * output is largest (of
/// several the first; a NaN before all others), and its position in the window in `argmax`:
/// what a maximum pooling picks behind a normalization with scales of these signs. `moments` is
/// null where no statistics are wanted.
///
/// Statistics take one pass: deviations from the mean until now (at the very start, from the first
/// output) are added up in float over a row of windows, and rows are merged in double. Merging adds
/// to m2 at least half of what that mean is off, so rounding loses no more than some ulp of m2 at
/// any offset.
void pooled_convolution_forward(float* peaks, std::uint8_t* argmax, const PooledRows& rows,
                                const float* directions, const PartialMoments* moments);

/// dz, the gradient of the convolution's sums, from that of the normalized peaks: what
/// maxpool_backward, norm_backward_apply and the ReLU's derivative make of it, in one. dz has all
/// positions of the rows, rows * positions x channels without gaps.
void pooled_convolution_backward(Matrix dz, const PooledRows& rows, const float* dpeaks,
                                 const std::uint8_t* argmax, const NormBackward& norm);

}  // namespace normlab::kernels
