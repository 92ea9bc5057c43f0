#include "normlab/lab/statistics_paired_shares.h"

#include <gtest/gtest.h>

#include "normlab/base/philox.h"
#include "normlab/lab/statistics_superiority.h"

namespace normlab {
namespace {

TEST(PairedShares, CountsAreShares) {
  const PairCounts counts{.both = 5, .first_only = 3, .second_only = 1, .neither = 1};
  EXPECT_EQ(counts.total(), 10u);
  EXPECT_EQ(counts.first(), 8u);
  EXPECT_EQ(counts.second(), 6u);
  EXPECT_NEAR(counts.difference(), 0.2, 1e-15);
}

TEST(PairedShares, ChangingSidesTurnsTheIntervalAround) {
  for (std::size_t both = 0; both <= 4; ++both) {
    for (std::size_t neither = 0; neither <= 4; ++neither) {
      const Interval a = paired_share_interval({both, 3, 1, neither});
      const Interval b = paired_share_interval({both, 1, 3, neither});
      EXPECT_NEAR(a.low, -b.high, 1e-15);
      EXPECT_NEAR(a.high, -b.low, 1e-15);
      EXPECT_LE(-1, a.low);
      EXPECT_LE(a.high, 1);
      const double difference = PairCounts{both, 3, 1, neither}.difference();
      EXPECT_LT(a.low, difference);
      EXPECT_GT(a.high, difference);
    }
  }
}

// With all trials of one arm and none of the other the correlation is 0 and both limits are those
// of the two Wilson intervals: 1 - sqrt(2) w, with w = 1.96^2 / (n + 1.96^2).
TEST(PairedShares, AllAgainstNoneIsOneAtItsBest) {
  const Interval eight = paired_share_interval({0, 8, 0, 0});
  EXPECT_NEAR(eight.low, 1 - 1.41421356 * 3.8414588 / (8 + 3.8414588), 1e-7);
  EXPECT_EQ(eight.high, 1);
  EXPECT_LT(paired_share_interval({0, 1, 0, 0}).low, 0) << "one pair tells nothing";
  EXPECT_GT(paired_share_interval({0, 3, 0, 0}).low, 0);
}

TEST(PairedShares, NoDifferenceHoldsZero) {
  for (const PairCounts& counts : {PairCounts{8, 0, 0, 0}, PairCounts{0, 0, 0, 8},
                                   PairCounts{4, 0, 0, 4}, PairCounts{2, 3, 3, 2}}) {
    const Interval ci95 = paired_share_interval(counts);
    EXPECT_LE(ci95.low, 0);
    EXPECT_GE(ci95.high, 0);
  }
}

// Arms that are the same, each seed training by chance: the interval leaves zero out in no more
// than one in twenty studies.
TEST(PairedShares, SeldomSeesADifferenceThatIsNone) {
  constexpr int kStudies = 4000;
  for (const double share : {0.2, 0.5, 0.8, 0.95}) {
    Philox random(5, Purpose::test, 0);
    int wrong = 0;
    for (int study = 0; study < kStudies; ++study) {
      PairCounts counts;
      for (int pair = 0; pair < 10; ++pair) {
        const bool first = random.uniform() < share;
        const bool second = random.uniform() < share;
        ++(first ? (second ? counts.both : counts.first_only)
                 : (second ? counts.second_only : counts.neither));
      }
      const Interval ci95 = paired_share_interval(counts);
      wrong += ci95.low > 0 || ci95.high < 0 ? 1 : 0;
    }
    EXPECT_LE(wrong, kStudies / 20 + 40) << share;
  }
}

}  // namespace
}  // namespace normlab
