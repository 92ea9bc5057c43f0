#include "normlab/lab/trial_order.h"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>

#include "normlab/lab/mock_study.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Trials are numbered arm by arm: arm 0 has 0 to 3, arm 1 has 4 to 7.
TEST(TrialOrder, AllArmsOfASeedComeTogetherByTurns) {
  const MockStudy mock = mock_study({"none", "batch"}, 4);
  EXPECT_THAT(trial_order(mock.study, {}), ElementsAre(0, 4, 5, 1, 2, 6, 7, 3));
}

TEST(TrialOrder, WhateverIsInterruptedIsPaired) {
  const MockStudy mock = mock_study({"a", "b", "c"}, 7);
  const auto order = trial_order(mock.study, std::vector<double>(21, 1.0));
  std::vector<int> done(3, 0);
  for (const std::size_t trial : order) {
    ++done[mock.study.trials[trial].arm];
    EXPECT_LE(std::ranges::max(done) - std::ranges::min(done), 1);
  }
  EXPECT_THAT(done, ElementsAre(7, 7, 7));
}

TEST(TrialOrder, TheLastSeedStartsWithTheLongest) {
  const MockStudy mock = mock_study({"a", "b", "c"}, 2);
  EXPECT_THAT(trial_order(mock.study, std::vector<double>{1, 1, 3, 3, 2, 2}),
              ElementsAre(0, 2, 4, 3, 5, 1));
}

TEST(TrialOrder, KeepsTheStudysOrderOfSeedsAndArmsThatLackSome) {
  MockStudy mock = mock_study({"a", "b"}, 2);
  mock.study.trials[0].settings.seed = 9;
  EXPECT_THAT(trial_order(mock.study, {}), ElementsAre(0, 3, 1, 2));
  EXPECT_THAT(trial_order({}, {}), IsEmpty());
}

}  // namespace
}  // namespace normlab
