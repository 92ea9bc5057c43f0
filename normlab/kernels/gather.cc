#include "normlab/kernels/gather.h"

#include <algorithm>

#include <hwy/cache_control.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/gather.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/byte_strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

/// Rows whose images are on their way while one is scaled: more than one, since an image from
/// beyond the caches takes longer than scaling another; with many more, they wait for one another.
constexpr std::int64_t kAhead = 3;

/// The caches cannot guess where the next image of a shuffled batch is.
HWY_INLINE void prefetch(const std::uint8_t* image, std::int64_t size) {
  constexpr std::int64_t kCacheLine = 64;
  for (std::int64_t i = 0; i < size; i += kCacheLine) hwy::Prefetch(image + i);
}

void gather(Matrix out, const std::uint8_t* images, const std::uint32_t* indices,
            const float* scale, const float* shift) {
  const auto image = [&](std::int64_t r) {
    return images + std::int64_t{indices[r]} * out.channels;
  };
  for (std::int64_t r = 0; r < std::min(kAhead, out.rows); ++r) prefetch(image(r), out.channels);
  for (std::int64_t r = 0; r < out.rows; ++r) {
    if (r + kAhead < out.rows) prefetch(image(r + kAhead), out.channels);
    const std::uint8_t* const bytes = image(r);
    float* const row = out.row(r);
    for_each_strip(
        out.channels, [&](const auto strip, std::int64_t first, std::int64_t count) HWY_ATTR {
          for (int i = 0; i < strip.kVectors; ++i) {
            const auto x = hn::ConvertTo(strip.d, load_bytes(strip, bytes + first, i, count));
            strip.store(hn::MulAdd(x, strip.load(scale + first, i), strip.load(shift + first, i)),
                        row + first, i);
          }
        });
  }
}

}  // namespace
}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normlab::kernels {
namespace {

HWY_EXPORT(gather);

}  // namespace

void gather_scale(Matrix out, const std::uint8_t* images, std::span<const std::uint32_t> indices,
                  const float* scale, const float* shift) {
  HWY_DYNAMIC_DISPATCH(gather)(out, images, indices.data(), scale, shift);
}

}  // namespace normlab::kernels
#endif  // HWY_ONCE
