#include "normlab/kernels/dropout.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/dropout.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

/// `mask` holds numbers in [0, 1) and becomes the factors.
void forward(float* y, float* mask, const float* x, std::int64_t count, float rate) {
  const float factor = 1 / (1 - rate);
  for_each_strip(count, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
    for (int i = 0; i < strip.kVectors; ++i) {
      const auto kept = hn::Ge(strip.load(mask + first, i), hn::Set(strip.d, rate));
      const auto factors = hn::IfThenElseZero(kept, hn::Set(strip.d, factor));
      strip.store(factors, mask + first, i);
      strip.store(hn::Mul(strip.load(x + first, i), factors), y + first, i);
    }
  });
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

void uniform_numbers(float* numbers, std::size_t count, const Philox& stream, std::uint64_t first) {
  for (std::size_t i = 0; i < count; i += 4) {
    const PhiloxBlock words = stream.block((first + i) / 4);
    for (std::size_t j = 0; j < std::min<std::size_t>(4, count - i); ++j) {
      numbers[i + j] = Philox::unit(words[j]);
    }
  }
}

}  // namespace

void dropout_forward(float* y, float* mask, const float* x, std::size_t count, float rate,
                     const Philox& stream, std::uint64_t first) {
  uniform_numbers(mask, count, stream, first);
  HWY_DYNAMIC_DISPATCH(forward)(y, mask, x, static_cast<std::int64_t>(count), rate);
}

void dropout_backward(float* dx, const float* dy, const float* mask, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(multiply)(dx, dy, mask, static_cast<std::int64_t>(count));
}

}  // namespace normlab::kernels
#endif  // HWY_ONCE
