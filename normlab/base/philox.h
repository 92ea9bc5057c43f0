#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace normlab {

/// What a random number is for. Part of the generator's key: numbers of different purpose never
/// meet, so that no result depends on who drew first.
enum class Purpose : std::uint32_t {
  initial_weights = 1,
  split = 2,
  shuffle = 3,
  dropout = 4,
  synthetic_data = 5,
  permutation = 7,
  test = 8,
  augmentation = 9,
};

using PhiloxBlock = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

inline constexpr int kPhiloxRounds = 10;
inline constexpr std::array<std::uint32_t, 2> kPhiloxMultipliers = {0xD2511F53, 0xCD9E8D57};

/// The key of the round after that of `key`.
constexpr PhiloxKey next_philox_key(PhiloxKey key) {
  return {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
}

/// Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").
constexpr PhiloxBlock philox4x32(PhiloxBlock counter, PhiloxKey key) {
  for (int round = 0; round < kPhiloxRounds; ++round) {
    const std::uint64_t product0 = std::uint64_t{kPhiloxMultipliers[0]} * counter[0];
    const std::uint64_t product1 = std::uint64_t{kPhiloxMultipliers[1]} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product0)};
    key = next_philox_key(key);
  }
  return counter;
}

/// A counter-based stream of random numbers keyed by (seed, purpose, index): two streams that
/// differ in any of the three are independent, and a number's value depends only on the key and its
/// position. Cheap to make.
class Philox {
 public:
  constexpr Philox(std::uint64_t seed, Purpose purpose, std::uint64_t index)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        purpose_(static_cast<std::uint32_t>(purpose)),
        index_(index) {}

  /// The four words at position `block` of the stream. `index` must stay below 2^32 * 2^16, `block`
  /// below 2^48.
  constexpr PhiloxBlock block(std::uint64_t block) const {
    return philox4x32(counter(block), key_);
  }

  /// What philox4x32 makes the words at position `block` from.
  constexpr PhiloxBlock counter(std::uint64_t block) const {
    return {static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(index_),
            static_cast<std::uint32_t>((block >> 32) << 16 | (index_ >> 32)), purpose_};
  }
  constexpr PhiloxKey key() const { return key_; }

  /// The next word in order.
  constexpr std::uint32_t next() {
    if (position_ % 4 == 0) buffer_ = block(position_ / 4);
    return buffer_[position_++ % 4];
  }

  /// Uniform in [0, 1) with 24 random bits: exact in float, the same on every machine.
  constexpr float uniform() { return unit(next()); }

  /// Uniform in [0, bound), without bias (Lemire 2019, "Fast random integer generation in an
  /// interval").
  constexpr std::uint32_t below(std::uint32_t bound) {
    std::uint64_t product = std::uint64_t{next()} * bound;
    const std::uint32_t threshold = (0u - bound) % bound;
    while (static_cast<std::uint32_t>(product) < threshold) product = std::uint64_t{next()} * bound;
    return static_cast<std::uint32_t>(product >> 32);
  }

  /// Standard normal (Box-Muller, the cosine half; two words a number).
  double normal() {
    const double u1 = (next() + 0.5) * 0x1p-32;
    const double u2 = (next() + 0.5) * 0x1p-32;
    return std::sqrt(-2 * std::log(u1)) * std::cos(2 * std::numbers::pi * u2);
  }

  /// The 24 high bits of `word` as a number in [0, 1).
  static constexpr float unit(std::uint32_t word) {
    return static_cast<float>(word >> 8) * 0x1p-24f;
  }

 private:
  PhiloxKey key_;
  std::uint32_t purpose_;
  std::uint64_t index_;
  std::uint64_t position_ = 0;
  PhiloxBlock buffer_{};
};

/// Random order of `items` in place (Fisher-Yates).
template <class Range>
constexpr void shuffle(Range& items, Philox random) {
  for (auto i = static_cast<std::uint32_t>(items.size()); i > 1; --i) {
    std::swap(items[i - 1], items[random.below(i)]);
  }
}

}  // namespace normlab
