// Compiled once per instruction set: the guard below lets it through once for each, as Highway asks
// of such headers.
#if defined(NORMLAB_KERNELS_BYTE_STRIP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NORMLAB_KERNELS_BYTE_STRIP_INL_H_
#undef NORMLAB_KERNELS_BYTE_STRIP_INL_H_
#else
#define NORMLAB_KERNELS_BYTE_STRIP_INL_H_
#endif

#include <algorithm>
#include <cstdint>

#include <hwy/highway.h>

#include "normlab/kernels/strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Bytes beside the floats of a strip: vector i of `count` bytes at p, as integers. They touch no
// memory behind the strip.

template <class D, int N>
HWY_INLINE auto load_bytes(const WholeStrip<D, N>& strip, const std::uint8_t* p, int i,
                           std::int64_t) {
  const hn::Rebind<std::uint8_t, D> bytes;
  return hn::PromoteTo(hn::RebindToSigned<D>(), hn::LoadU(bytes, p + i * strip.kLanes));
}

template <class D>
HWY_INLINE auto load_bytes(const MaskedStrip<D>& strip, const std::uint8_t* p, int,
                           std::int64_t count) {
  const hn::Rebind<std::uint8_t, D> bytes;
  // Only where masked loads of bytes are as narrow as their mask, unlike those of floats.
  if constexpr (!HWY_MEM_OPS_MIGHT_FAULT) {
    const auto mask = hn::FirstN(bytes, static_cast<std::size_t>(count));
    return hn::PromoteTo(hn::RebindToSigned<D>(), hn::MaskedLoad(mask, bytes, p));
  } else {
    std::uint8_t copy[MaskedStrip<D>::kLanes] = {};
    std::copy_n(p, count, copy);
    return load_bytes(WholeStrip<D, 1>(), copy, 0, strip.kLanes);
  }
}

/// `values` must be 0..255.
template <class D, int N, class V>
HWY_INLINE void store_bytes(const WholeStrip<D, N>& strip, V values, std::uint8_t* p, int i,
                            std::int64_t) {
  const hn::Rebind<std::uint8_t, D> bytes;
  hn::StoreU(hn::DemoteTo(bytes, values), bytes, p + i * strip.kLanes);
}

template <class D, class V>
HWY_INLINE void store_bytes(const MaskedStrip<D>& strip, V values, std::uint8_t* p, int,
                            std::int64_t count) {
  std::uint8_t copy[MaskedStrip<D>::kLanes];
  store_bytes(WholeStrip<D, 1>(), values, copy, 0, strip.kLanes);
  std::copy_n(copy, count, p);
}

}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
