#include "normlab/base/philox.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/moments.h"

namespace normlab {
namespace {

// Known answers published with Random123 (kat_vectors, philox4x32 10).
TEST(Philox, ReproducesTheKnownAnswers) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
            (PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}),
            (PhiloxBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (PhiloxBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, StreamsDifferInSeedPurposeAndIndex) {
  std::set<std::uint32_t> firsts;
  for (const std::uint64_t seed : {1u, 2u}) {
    for (const Purpose purpose : {Purpose::split, Purpose::shuffle}) {
      for (const std::uint64_t index :
           {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32}) {
        firsts.insert(Philox(seed, purpose, index).next());
      }
    }
  }
  EXPECT_EQ(firsts.size(), 12u);
}

TEST(Philox, UniformAndNormalHaveTheirMoments) {
  Philox random(7, Purpose::test, 0);
  Moments uniform;
  Moments normal;
  for (int i = 0; i < 200000; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    uniform = merge(uniform, {1, u, 0});
    normal = merge(normal, {1, random.normal(), 0});
  }
  // Five standard errors of each estimate at this count.
  EXPECT_NEAR(uniform.mean, 0.5, 5 * 0.29 / 447);
  EXPECT_NEAR(uniform.biased_variance(), 1.0 / 12, 5 * 0.075 / 447);
  EXPECT_NEAR(normal.mean, 0, 5.0 / 447);
  EXPECT_NEAR(normal.biased_variance(), 1, 5 * 1.42 / 447);
}

TEST(Philox, BelowIsUnbiasedOverASmallBound) {
  Philox random(3, Purpose::test, 1);
  std::array<int, 6> counts{};
  for (int i = 0; i < 60000; ++i) ++counts[random.below(6)];
  for (const int count : counts) EXPECT_NEAR(count, 10000, 5 * 91.3);
}

TEST(Philox, ShuffleIsAPermutationThatItsKeyFixes) {
  std::vector<int> first(1000);
  std::iota(first.begin(), first.end(), 0);
  std::vector<int> second = first;
  const std::vector<int> sorted = first;
  shuffle(first, Philox(1, Purpose::shuffle, 4));
  shuffle(second, Philox(1, Purpose::shuffle, 4));
  EXPECT_EQ(first, second);
  EXPECT_NE(first, sorted);
  std::sort(first.begin(), first.end());
  EXPECT_EQ(first, sorted);
}

}  // namespace
}  // namespace normlab
