#include "normlab/lab/study_difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/lab/mock_study.h"

namespace normlab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Study study_of(std::uint64_t seeds, std::vector<double> rates = {0.001}) {
  Study study = mock_study({"norm=none", "norm=batch"}, seeds).study;
  const std::vector<Arm> arms = study.arms;
  study.arms.clear();
  for (const double rate : rates) {
    for (Arm arm : arms) {
      arm.settings.optimizer.lr = rate;
      study.arms.push_back(arm);
    }
  }
  return study;
}

TEST(TellApart, NamesWhatDiffersAndNothingElse) {
  const std::vector<Study> studies = {study_of(5), study_of(5, {0.1, 0.01}), study_of(3)};
  EXPECT_THAT(tell_apart(studies),
              ElementsAre("lr=0.001 seed=1..5", "lr=0.1,0.01 seed=1..5", "lr=0.001 seed=1..3"));
}

TEST(TellApart, WritesSeedsAsRanges) {
  Study study = study_of(6);
  std::erase_if(study.trials, [](const Trial& trial) {
    return trial.settings.seed == 3 || trial.settings.seed == 5;
  });
  const std::vector<Study> studies = {study, study_of(1)};
  EXPECT_THAT(tell_apart(studies), ElementsAre("seed=1..2,4,6", "seed=1"));
}

TEST(TellApart, SaysSoWhereNoSettingDiffers) {
  const std::vector<Study> studies = {study_of(2), study_of(2)};
  EXPECT_THAT(tell_apart(studies),
              ElementsAre("same settings, other files or another version of normlab",
                          "same settings, other files or another version of normlab"));
  EXPECT_THAT(tell_apart({}), IsEmpty());
  EXPECT_THAT(tell_apart(std::vector<Study>{study_of(2)}), ElementsAre(""));
}

}  // namespace
}  // namespace normlab
