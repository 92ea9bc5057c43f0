#include "normlab/kernels/bf16.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/bf16.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

/// By whole numbers, so that a machine that has an instruction for it, which takes denormals for
/// zero, has no other bits.
template <class D, class V>
HWY_INLINE auto round_bits(D, V values) {
  const hn::RebindToUnsigned<D> u32;
  const hn::RebindToSigned<D> i32;
  const hn::Rebind<std::uint16_t, D> u16;
  const auto bits = hn::BitCast(u32, values);
  // Carries into the upper half from just above one half on; from one half on where that is odd.
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(u32, 1));
  const auto rounded = hn::Add(bits, hn::Add(odd, hn::Set(u32, 0x7FFF)));
  // A NaN could carry into infinity; this bit of its upper half keeps it a NaN.
  const auto nan = hn::RebindMask(u32, hn::IsNaN(values));
  const auto kept = hn::IfThenElse(nan, hn::Or(bits, hn::Set(u32, 0x400000)), rounded);
  return hn::DemoteTo(u16, hn::BitCast(i32, hn::ShiftRight<16>(kept)));
}

template <class D, int N>
HWY_INLINE void store_rounded(const WholeStrip<D, N>& strip, typename WholeStrip<D, N>::Vector v,
                              Bf16* to, int i, std::int64_t) {
  const hn::Rebind<std::uint16_t, D> u16;
  hn::StoreU(round_bits(strip.d, v), u16, &to[i * strip.kLanes].bits);
}

/// Through a copy: a masked store of so narrow lanes may touch what lies behind them.
template <class D>
HWY_INLINE void store_rounded(const MaskedStrip<D>&, typename MaskedStrip<D>::Vector v, Bf16* to,
                              int, std::int64_t count) {
  Bf16 copy[MaskedStrip<D>::kLanes];
  store_rounded(WholeStrip<D, 1>(), v, copy, 0, count);
  std::copy_n(copy, count, to);
}

void round_rows(Bf16Matrix to, ConstMatrix from) {
  for (std::int64_t r = 0; r < from.rows; ++r) {
    for_each_strip(
        from.channels, [&](const auto strip, std::int64_t first, std::int64_t count) HWY_ATTR {
          for (int i = 0; i < strip.kVectors; ++i) {
            store_rounded(strip, strip.load(from.row(r) + first, i), to.row(r) + first, i, count);
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

HWY_EXPORT(round_rows);

}  // namespace

void to_bf16(Bf16Matrix to, ConstMatrix from) {
  HWY_DYNAMIC_DISPATCH(round_rows)(to, from);
}

}  // namespace normlab::kernels
#endif  // HWY_ONCE
