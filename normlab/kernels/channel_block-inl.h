// Compiled once per instruction set: the guard below lets it through once for each, as Highway asks
// of such headers.
#if defined(NORMLAB_KERNELS_CHANNEL_BLOCK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NORMLAB_KERNELS_CHANNEL_BLOCK_INL_H_
#undef NORMLAB_KERNELS_CHANNEL_BLOCK_INL_H_
#else
#define NORMLAB_KERNELS_CHANNEL_BLOCK_INL_H_
#endif

#include <cstdint>
#include <type_traits>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr std::int64_t kLanes = static_cast<std::int64_t>(hn::MaxLanes(D()));

/// Calls `work` with the number of vectors, `kMost` or one, and the first channel, for blocks that
/// cover the channels, which are whole vectors.
template <int kMost, class Work>
HWY_INLINE void for_each_channel_block(std::int64_t channels, const Work& work) {
  std::int64_t first = 0;
  for (; channels - first >= kMost * kLanes; first += kMost * kLanes) {
    work(std::integral_constant<int, kMost>(), first);
  }
  for (; first < channels; first += kLanes) work(std::integral_constant<int, 1>(), first);
}

template <int kVectors>
HWY_INLINE void load_block(V (&values)[kVectors], const float* from) {
  for (int v = 0; v < kVectors; ++v) values[v] = hn::LoadU(D(), from + v * kLanes);
}

/// The two halves of `values` as doubles.
HWY_INLINE auto lower_doubles(V values) {
  return hn::PromoteTo(hn::Repartition<double, D>(), hn::LowerHalf(hn::Half<D>(), values));
}
HWY_INLINE auto upper_doubles(V values) {
  return hn::PromoteTo(hn::Repartition<double, D>(), hn::UpperHalf(hn::Half<D>(), values));
}

}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
