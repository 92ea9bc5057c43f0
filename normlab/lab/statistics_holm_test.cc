#include "normlab/lab/statistics_holm.h"

#include <vector>

#include <gmock/gmock.h>

namespace normlab {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::IsEmpty;

// By hand: sorted 0.005 0.01 0.03 0.04, times 4 3 2 1, running maximum.
TEST(Holm, StepsDownAndKeepsTheOrderGiven) {
  EXPECT_THAT(holm(std::vector<double>{0.01, 0.04, 0.03, 0.005}),
              ElementsAre(DoubleEq(0.03), DoubleEq(0.06), DoubleEq(0.06), DoubleEq(0.02)));
}

TEST(Holm, NeverExceedsOneAndLeavesASingleTestAlone) {
  EXPECT_THAT(holm(std::vector<double>{0.5, 0.9, 0.4}), ElementsAre(1, 1, 1));
  EXPECT_THAT(holm(std::vector<double>{0.03}), ElementsAre(0.03));
  EXPECT_THAT(holm(std::vector<double>{}), IsEmpty());
}

TEST(Holm, TiedValuesShareTheLargerAdjustment) {
  EXPECT_THAT(holm(std::vector<double>{0.02, 0.02}), ElementsAre(0.04, 0.04));
}

}  // namespace
}  // namespace normlab
