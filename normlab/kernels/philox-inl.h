// Compiled once per instruction set: the guard below lets it through once for each, as Highway asks
// of such headers.
#if defined(NORMLAB_KERNELS_PHILOX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NORMLAB_KERNELS_PHILOX_INL_H_
#undef NORMLAB_KERNELS_PHILOX_INL_H_
#else
#define NORMLAB_KERNELS_PHILOX_INL_H_
#endif

#include <cstdint>

#include <hwy/highway.h>

#include "normlab/base/philox.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Philox blocks, one in each 64-bit lane: word i of a block stands in the lower half of its lane
/// of word[i]. The upper halves hold anything: multiplications read lower halves only.
struct PhiloxBlocks {
  using D = hn::ScalableTag<std::uint64_t>;
  using D32 = hn::Repartition<std::uint32_t, D>;
  static constexpr std::int64_t kBlocks = static_cast<std::int64_t>(hn::MaxLanes(D()));
  static constexpr std::int64_t kWords = 4 * kBlocks;

  hn::Vec<D> word[4];

  /// The counters (Philox::counter) of the stream's blocks from `block` on. The first half of them
  /// stands in even lanes, so that interleaving brings all into order.
  HWY_INLINE void set_counters(const Philox& stream, std::uint64_t block) {
    const auto pair = hn::ShiftRight<1>(hn::Iota(D(), 0));
    const auto offset = hn::OddEven(hn::Add(pair, hn::Set(D(), kBlocks / 2)), pair);
    const auto position = hn::Add(hn::Set(D(), block), offset);
    const PhiloxBlock start = stream.counter(0);
    word[0] = position;
    word[1] = hn::Set(D(), start[1]);
    word[2] = hn::Or(hn::ShiftLeft<16>(hn::ShiftRight<32>(position)), hn::Set(D(), start[2]));
    word[3] = hn::Set(D(), start[3]);
  }

  static HWY_INLINE hn::Vec<D> multiply(hn::Vec<D> a, std::uint32_t b) {
    return hn::MulEven(hn::BitCast(D32(), a), hn::Set(D32(), b));
  }

  /// One round of philox4x32.
  HWY_INLINE void mix(PhiloxKey key) {
    const auto product0 = multiply(word[0], kPhiloxMultipliers[0]);
    const auto product1 = multiply(word[2], kPhiloxMultipliers[1]);
    word[0] = hn::Xor3(hn::ShiftRight<32>(product1), word[1], hn::Set(D(), key[0]));
    word[1] = product1;
    word[2] = hn::Xor3(hn::ShiftRight<32>(product0), word[3], hn::Set(D(), key[1]));
    word[3] = product0;
  }

  /// Philox::unit of the words of lower halves: even[0], odd[0], even[1], ... as pairs.
  static HWY_INLINE hn::Vec<D> units(hn::Vec<D> even, hn::Vec<D> odd) {
    const hn::RebindToSigned<D32> whole;
    const hn::RebindToFloat<D32> real;
    const auto words =
        hn::OddEven(hn::BitCast(D32(), hn::ShiftLeft<32>(odd)), hn::BitCast(D32(), even));
    const auto high = hn::ConvertTo(real, hn::BitCast(whole, hn::ShiftRight<8>(words)));
    return hn::BitCast(D(), hn::Mul(high, hn::Set(real, 0x1p-24f)));
  }

  /// The stream's next kWords numbers, in order.
  HWY_INLINE void store_units(float* numbers) const {
    const hn::Repartition<float, D> real;
    const auto first = units(word[0], word[1]);
    const auto second = units(word[2], word[3]);
    hn::StoreU(hn::BitCast(real, hn::InterleaveLower(D(), first, second)), real, numbers);
    hn::StoreU(hn::BitCast(real, hn::InterleaveUpper(D(), first, second)), real,
               numbers + kWords / 2);
  }
};

/// Vectors of blocks in work together: while one waits for its products, the others go on. As many
/// as the registers hold.
constexpr int kPhiloxTogether = PhiloxBlocks::kBlocks >= 8 ? 4 : 2;
/// What `uniform_numbers` writes is a multiple of this.
constexpr std::int64_t kUniformStep = kPhiloxTogether * PhiloxBlocks::kWords;

/// The numbers of the stream (Philox::unit) from `block` on: `count`, rounded up to whole steps.
HWY_INLINE void uniform_numbers(float* numbers, std::int64_t count, const Philox& stream,
                                std::uint64_t block) {
  for (std::int64_t i = 0; i < count; i += kUniformStep) {
    PhiloxBlocks blocks[kPhiloxTogether];
    for (PhiloxBlocks& b : blocks) {
      b.set_counters(stream, block);
      block += PhiloxBlocks::kBlocks;
    }
    PhiloxKey key = stream.key();
    for (int round = 0; round < kPhiloxRounds; ++round, key = next_philox_key(key)) {
      for (PhiloxBlocks& b : blocks) b.mix(key);
    }
    for (int j = 0; j < kPhiloxTogether; ++j) {
      blocks[j].store_units(numbers + i + j * PhiloxBlocks::kWords);
    }
  }
}

}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
