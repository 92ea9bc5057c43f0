#include "normlab/kernels/dropout.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/dropout.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/philox-inl.h"
#include "normlab/kernels/strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

/// From numbers in [0, 1).
HWY_INLINE void apply(float* y, float* mask, const float* x, const float* numbers,
                      std::int64_t count, float rate) {
  const float factor = 1 / (1 - rate);
  for_each_strip(count, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
    for (int i = 0; i < strip.kVectors; ++i) {
      const auto kept = hn::Ge(strip.load(numbers + first, i), hn::Set(strip.d, rate));
      const auto factors = hn::IfThenElseZero(kept, hn::Set(strip.d, factor));
      strip.store(factors, mask + first, i);
      strip.store(hn::Mul(strip.load(x + first, i), factors), y + first, i);
    }
  });
}

void forward(float* y, float* mask, const float* x, std::int64_t count, float rate,
             const Philox& stream, std::uint64_t first) {
  constexpr std::int64_t kTile = 1024;  // whose numbers stay in the first-level cache
  static_assert(kTile % kUniformStep == 0);
  alignas(64) float numbers[kTile];
  for (std::int64_t i = 0; i < count; i += kTile) {
    const std::int64_t size = std::min(kTile, count - i);
    uniform_numbers(numbers, size, stream, (first + static_cast<std::uint64_t>(i)) / 4);
    apply(y + i, mask + i, x + i, numbers, size, rate);
  }
}

void multiply(float* y, const float* a, const float* b, std::int64_t count) {
  for_each_strip(count, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
    for (int i = 0; i < strip.kVectors; ++i) {
      strip.store(hn::Mul(strip.load(a + first, i), strip.load(b + first, i)), y + first, i);
    }
  });
}

}  // namespace
}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normlab::kernels {
namespace {

HWY_EXPORT(forward);
HWY_EXPORT(multiply);

}  // namespace

void dropout_forward(float* y, float* mask, const float* x, std::size_t count, float rate,
                     const Philox& stream, std::uint64_t first) {
  HWY_DYNAMIC_DISPATCH(forward)
  (y, mask, x, static_cast<std::int64_t>(count), rate, stream, first);
}

void dropout_backward(float* dx, const float* dy, const float* mask, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(multiply)(dx, dy, mask, static_cast<std::int64_t>(count));
}

}  // namespace normlab::kernels
#endif  // HWY_ONCE
