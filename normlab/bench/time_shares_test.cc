#include "normlab/bench/time_shares.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace normlab::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(TimeShares, AreAddedUpByKindLargestFirst) {
  const std::vector<TimeShare> shares = {{"1: linear 128", "linear", 0.125, 0.25},
                                         {"2: norm", "norm", 0.0625, 0},
                                         {"4: linear 64", "linear", 0, 0.0625},
                                         {"optimizer", "optimizer", 0, 0.5}};
  EXPECT_THAT(by_kind(shares),
              ElementsAre(Pair("optimizer", 0.5), Pair("linear", 0.4375), Pair("norm", 0.0625)));
}

TEST(TimeShares, OfNothingAreNone) {
  EXPECT_TRUE(by_kind({}).empty());
}

}  // namespace
}  // namespace normlab::bench
