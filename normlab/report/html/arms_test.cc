#include "normlab/report/html/arms.h"

#include <gmock/gmock.h>

#include "normlab/lab/grid_study.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;
using testing::IsEmpty;

Study study_of(const std::vector<std::string>& grid) {
  return make_study(parse_grid("m", grid),
                    [](const TrialSettings&) {
                      return TrialContents{.model = "linear 3, norm", .data = "", .init = ""};
                    })
      .study;
}

std::string baselines_of(const Study& study) {
  return baseline_text(study, arm_pairs(study));
}

TEST(ArmPairs, EveryBatchSizeHasItsOwnBaseline) {
  const Study study = study_of({"batch=32,64", "norm=none,batch"});
  EXPECT_THAT(arm_pairs(study), ElementsAre(FieldsAre(0, 1, true), FieldsAre(2, 3, true)));
  EXPECT_EQ(baselines_of(study), "the arm with norm=none and all else equal");
}

TEST(ArmPairs, TheFirstArmsNormIsTheBaselinesWhicheverItIs) {
  const Study study = study_of({"norm=batch,none", "batch=32,64"});
  EXPECT_THAT(arm_pairs(study), ElementsAre(FieldsAre(0, 2, false), FieldsAre(1, 3, false)));
  EXPECT_EQ(baselines_of(study), "the arm with norm=batch and all else equal");
}

TEST(ArmPairs, WithoutAPartnerItIsTheFirstArm) {
  const Study study = study_of({"norm=batch", "batch=32,64,128"});
  EXPECT_THAT(arm_pairs(study), ElementsAre(FieldsAre(0, 1, false), FieldsAre(0, 2, false)));
  EXPECT_EQ(baselines_of(study), "batch=32");
}

TEST(ArmPairs, OneArmHasNone) {
  EXPECT_THAT(arm_pairs(study_of({"norm=batch"})), IsEmpty());
}

}  // namespace
}  // namespace normlab
