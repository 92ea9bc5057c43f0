#include "normlab/kernels/transpose.h"

#include <hwy/highway.h>

namespace normlab::kernels {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Four rows of four values are what all instruction sets can turn round at once, so this needs no
/// more than the one that the whole program is compiled for.
constexpr std::int64_t kSide = 4;

void transpose_square(float* y, std::int64_t y_stride, const float* x, std::int64_t x_stride) {
  const hn::FixedTag<float, kSide> d;
  const auto x0 = hn::LoadU(d, x);
  const auto x1 = hn::LoadU(d, x + x_stride);
  const auto x2 = hn::LoadU(d, x + 2 * x_stride);
  const auto x3 = hn::LoadU(d, x + 3 * x_stride);
  const auto even_lower = hn::InterleaveLower(d, x0, x2);
  const auto even_upper = hn::InterleaveUpper(d, x0, x2);
  const auto odd_lower = hn::InterleaveLower(d, x1, x3);
  const auto odd_upper = hn::InterleaveUpper(d, x1, x3);
  hn::StoreU(hn::InterleaveLower(d, even_lower, odd_lower), d, y);
  hn::StoreU(hn::InterleaveUpper(d, even_lower, odd_lower), d, y + y_stride);
  hn::StoreU(hn::InterleaveLower(d, even_upper, odd_upper), d, y + 2 * y_stride);
  hn::StoreU(hn::InterleaveUpper(d, even_upper, odd_upper), d, y + 3 * y_stride);
}

}  // namespace

void transpose(Matrix y, ConstMatrix x) {
  const std::int64_t rows = x.rows / kSide * kSide;
  const std::int64_t channels = x.channels / kSide * kSide;
  for (std::int64_t c = 0; c < channels; c += kSide) {
    for (std::int64_t r = 0; r < rows; r += kSide) {
      transpose_square(y.row(c) + r, y.stride, x.row(r) + c, x.stride);
    }
  }
  for (std::int64_t r = 0; r < x.rows; ++r) {
    const std::int64_t first = r < rows ? channels : 0;
    for (std::int64_t c = first; c < x.channels; ++c) y.row(c)[r] = x.row(r)[c];
  }
}

}  // namespace normlab::kernels
