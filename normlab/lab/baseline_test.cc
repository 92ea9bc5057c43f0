#include "normlab/lab/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/lab/grid_study.h"

namespace normlab {
namespace {

using testing::ElementsAre;

std::vector<std::size_t> baselines(const std::vector<std::string>& grid) {
  const Study study = make_study(parse_grid("m", grid), [](const TrialSettings&) {
                        return TrialContents{.model = "linear 3, norm", .data = "", .init = ""};
                      }).study;
  std::vector<std::size_t> found;
  for (std::size_t arm = 0; arm < study.arms.size(); ++arm)
    found.push_back(baseline_of(study, arm));
  return found;
}

TEST(Baseline, IsTheFirstArmWhereOnlyTheNormVaries) {
  EXPECT_THAT(baselines({"norm=none,batch"}), ElementsAre(0, 0));
}

TEST(Baseline, EveryBatchSizeHasItsOwn) {
  EXPECT_THAT(baselines({"batch=32,64,128", "norm=none,batch"}), ElementsAre(0, 0, 0, 2, 0, 4));
}

TEST(Baseline, SettingsOfTheNormMayDifferToo) {
  EXPECT_THAT(baselines({"norm=none", "batch=32,64"}), ElementsAre(0, 0));
  EXPECT_THAT(baselines({"norm=batch,none", "lr=0.1,0.01"}), ElementsAre(0, 0, 0, 1));
}

TEST(Baseline, WithoutAPartnerItIsTheFirstArm) {
  EXPECT_THAT(baselines({"norm=batch", "batch=32,64,128"}), ElementsAre(0, 0, 0));
}

}  // namespace
}  // namespace normlab
