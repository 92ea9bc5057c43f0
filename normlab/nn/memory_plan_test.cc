#include "normlab/nn/memory_plan.h"

#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/philox.h"

namespace normlab {
namespace {

constexpr std::int64_t kBytes = 256;

/// A block in use from `first` to `last`.
MemoryPlan::Block add(MemoryPlan& plan, std::int64_t bytes, std::int64_t first, std::int64_t last) {
  const MemoryPlan::Block block = plan.add(bytes, first);
  plan.use(block, last);
  return block;
}

TEST(MemoryPlan, BlocksShareStorageOnlyWhenTheirTimesAreApart) {
  MemoryPlan plan;
  const auto early = add(plan, kBytes, 0, 3);
  const auto late = add(plan, kBytes, 4, 7);
  const auto both = add(plan, kBytes, 3, 4);
  plan.place();
  EXPECT_EQ(plan.offset(early), plan.offset(late));
  EXPECT_NE(plan.offset(both), plan.offset(early));
  EXPECT_EQ(plan.bytes(), 2 * kBytes);
}

TEST(MemoryPlan, ABlockTakesThePlaceThatItPrefersWhenThatIsReadNoMore) {
  for (const auto& [last_read, taken] :
       {std::pair(5, true), std::pair(3, true), std::pair(6, false)}) {
    MemoryPlan plan;
    const auto value = add(plan, kBytes, 1, last_read);
    const auto gradient = add(plan, kBytes, 5, 8);
    add(plan, kBytes, 2, 5);  // would else lie there
    plan.prefer(gradient, value);
    plan.place();
    EXPECT_EQ(plan.offset(gradient) == plan.offset(value), taken) << last_read;
  }
}

TEST(MemoryPlan, APlaceIsTakenOnceAndOnlyByABlockOfItsSize) {
  MemoryPlan plan;
  const auto value = add(plan, kBytes, 1, 5);
  const auto first = add(plan, kBytes, 5, 8);
  const auto second = add(plan, kBytes, 5, 8);
  const auto larger = add(plan, 2 * kBytes, 5, 5);
  for (const auto block : {larger, first, second}) plan.prefer(block, value);
  plan.place();
  EXPECT_EQ(plan.offset(first), plan.offset(value));
  EXPECT_NE(plan.offset(second), plan.offset(value));
  EXPECT_NE(plan.offset(larger), plan.offset(value));
}

TEST(MemoryPlan, ChainsOfPreferencesStayInOnePlace) {
  MemoryPlan plan;
  const auto a = add(plan, kBytes, 0, 2);
  const auto b = add(plan, kBytes, 2, 4);
  const auto c = add(plan, kBytes, 4, 6);
  plan.prefer(b, a);
  plan.prefer(c, b);
  plan.place();
  EXPECT_EQ(plan.offset(a), plan.offset(c));
  EXPECT_EQ(plan.bytes(), kBytes);
}

TEST(MemoryPlan, RandomBlocksNeverOverlapAndWasteLittle) {
  Philox random(5, Purpose::test, 1);
  const auto below = [&](std::uint32_t n) { return static_cast<std::int64_t>(random.next() % n); };
  for (int repeat = 0; repeat < 50; ++repeat) {
    struct Use {
      MemoryPlan::Block block;
      std::int64_t bytes, first, last;
    };
    MemoryPlan plan;
    std::vector<Use> uses;
    for (int i = 0; i < 60; ++i) {
      const std::int64_t first = below(100);
      const std::int64_t last = first + below(20);
      const std::int64_t bytes = 64 * (1 + below(30));
      uses.push_back({add(plan, bytes, first, last), bytes, first, last});
    }
    plan.place();
    for (const Use& a : uses) {
      ASSERT_LE(plan.offset(a.block) + a.bytes, plan.bytes());
      for (const Use& b : uses) {
        if (a.block == b.block || a.last < b.first || b.last < a.first) continue;
        const bool apart = plan.offset(a.block) + a.bytes <= plan.offset(b.block) ||
                           plan.offset(b.block) + b.bytes <= plan.offset(a.block);
        ASSERT_TRUE(apart) << "repeat " << repeat;
      }
    }
    EXPECT_GE(plan.bytes(), plan.live_bytes());
    EXPECT_LE(plan.bytes(), 1.3 * static_cast<double>(plan.live_bytes())) << "repeat " << repeat;
  }
}

}  // namespace
}  // namespace normlab
