// Compiled once per instruction set: the guard below lets it through once for each, as Highway asks
// of such headers.
#if defined(NORMLAB_KERNELS_STRIP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NORMLAB_KERNELS_STRIP_INL_H_
#undef NORMLAB_KERNELS_STRIP_INL_H_
#else
#define NORMLAB_KERNELS_STRIP_INL_H_
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Rows over which kernels add up in float, before they go on in double.
constexpr std::int64_t kBlockRows = 128;

/// Rows over which a wide matrix is added up at a time: few enough for the second-level cache.
HWY_INLINE std::int64_t summed_rows(std::int64_t channels) {
  constexpr std::int64_t kFloats = 32 * 1024;
  return std::clamp(kFloats / channels, std::int64_t{16}, kBlockRows);
}

/// `N` whole vectors side by side: the part of a row that is worked on at a time.
template <class D, int N>
struct WholeStrip {
  using Vector = hn::Vec<D>;
  static constexpr D d{};
  static constexpr int kVectors = N;
  static constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));

  HWY_INLINE Vector load(const float* p, int i) const { return hn::LoadU(d, p + i * kLanes); }
  HWY_INLINE void store(Vector v, float* p, int i) const { hn::StoreU(v, d, p + i * kLanes); }
};

/// The first lanes of one vector. Touches no memory behind them; only where the machine can (from
/// AVX2 on).
template <class D>
struct MaskedStrip {
  using Vector = hn::Vec<D>;
  static constexpr D d{};
  static constexpr int kVectors = 1;
  static constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
  hn::Mask<D> mask;

  explicit HWY_INLINE MaskedStrip(std::int64_t channels)
      : mask(hn::FirstN(d, static_cast<std::size_t>(channels))) {}
  HWY_INLINE Vector load(const float* p, int) const { return hn::MaskedLoad(mask, d, p); }
  HWY_INLINE void store(Vector v, float* p, int) const { hn::BlendedStore(v, mask, d, p); }
};

/// The values of one strip of a row.
template <class Strip>
struct Values {
  typename Strip::Vector v[Strip::kVectors];
};

template <class Strip>
HWY_INLINE Values<Strip> load(const Strip& strip, const float* p) {
  Values<Strip> values{};
  for (int i = 0; i < Strip::kVectors; ++i) values.v[i] = strip.load(p, i);
  return values;
}

template <class Strip>
HWY_INLINE Values<Strip> zeros(const Strip&) {
  Values<Strip> values{};
  for (int i = 0; i < Strip::kVectors; ++i) values.v[i] = hn::Zero(Strip::d);
  return values;
}

/// A strip's values in memory, to go on with in double.
template <class Strip>
struct StripArray {
  alignas(64) float values[Strip::kVectors * Strip::kLanes]{};

  explicit HWY_INLINE StripArray(const Values<Strip>& from) {
    for (int i = 0; i < Strip::kVectors; ++i)
      hn::Store(from.v[i], Strip::d, values + i * Strip::kLanes);
  }
};

/// Vectors in a wide strip: as many as the registers hold with four vectors per channel kept
/// besides.
constexpr int kWideVectors = hn::MaxLanes(hn::ScalableTag<float>()) >= 16 ? 4 : 2;

/// Calls `work(strip, first, count)` for strips that cover the channels from left to right.
template <class Work>
HWY_INLINE void for_each_strip(std::int64_t channels, const Work& work) {
  using D = hn::ScalableTag<float>;
  constexpr std::int64_t kLanes = WholeStrip<D, 1>::kLanes;
  std::int64_t first = 0;
  for (; channels - first >= kWideVectors * kLanes; first += kWideVectors * kLanes) {
    work(WholeStrip<D, kWideVectors>(), first, kWideVectors * kLanes);
  }
  for (; channels - first >= kLanes; first += kLanes) work(WholeStrip<D, 1>(), first, kLanes);
  const std::int64_t rest = channels - first;
  if (rest == 0) return;
  if constexpr (kLanes > 4) {
    work(MaskedStrip<D>(rest), first, rest);
  } else {
    // No masked loads here: pairs and single values, which are loads of their own.
    if (rest >= 2) work(WholeStrip<hn::CappedTag<float, 2>, 1>(), first, std::int64_t{2});
    if (rest % 2 != 0)
      work(WholeStrip<hn::CappedTag<float, 1>, 1>(), channels - 1, std::int64_t{1});
  }
}

/// Calls `work(first, count)` for blocks of `block` rows, in order.
template <class Work>
HWY_INLINE void for_each_row_block(std::int64_t rows, std::int64_t block, const Work& work) {
  for (std::int64_t first = 0; first < rows; first += block) {
    work(first, std::min(block, rows - first));
  }
}
/// Of kBlockRows.
template <class Work>
HWY_INLINE void for_each_row_block(std::int64_t rows, const Work& work) {
  for_each_row_block(rows, kBlockRows, work);
}

}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
