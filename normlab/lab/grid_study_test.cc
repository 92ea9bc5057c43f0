#include "normlab/lab/grid_study.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

TrialContents named_contents(const TrialSettings& settings) {
  const bool bare = settings.model.starts_with("bare");
  return {.model = (bare ? "linear 4, " : "linear 4, norm, relu, linear 3, ") + settings.model,
          .data = "sha of " + settings.data,
          .init = ""};
}

Study study_of(const std::string& model, const std::vector<std::string>& arguments) {
  return make_study(parse_grid(model, arguments), named_contents).study;
}

std::vector<std::string> labels(const Study& study) {
  std::vector<std::string> labels;
  for (const Arm& arm : study.arms) labels.push_back(arm.label);
  return labels;
}

std::vector<std::string> warnings(const std::vector<std::string>& arguments,
                                  const std::string& model = "m") {
  return make_study(parse_grid(model, arguments), named_contents).warnings;
}

TEST(MakeStudy, TheDefaultIsWithoutAgainstWithNormalization) {
  const Study study = study_of("mlp-128-64", {});
  EXPECT_EQ(study.name, "mlp-128-64");
  EXPECT_THAT(labels(study), ElementsAre("norm=none", "norm=batch"));
  ASSERT_EQ(study.trials.size(), 20u);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(study.trials[i].arm, i / 10);
    EXPECT_EQ(study.trials[i].settings.seed, i % 10 + 1);
    EXPECT_EQ(study.trials[i].settings.norm.kind, i < 10 ? NormKind::none : NormKind::batch);
  }
}

TEST(MakeStudy, TheLastAxisChangesFastestAndSeedsAreInnermost) {
  const Study study = study_of("m", {"seed=3,1", "batch=32,64", "lr=0.1"});
  EXPECT_THAT(labels(study), ElementsAre("batch=32 norm=none", "batch=32 norm=batch",
                                         "batch=64 norm=none", "batch=64 norm=batch"));
  ASSERT_EQ(study.trials.size(), 8u);
  EXPECT_EQ(study.trials[0].settings.seed, 3u);
  EXPECT_EQ(study.trials[1].settings.seed, 1u);
  EXPECT_EQ(study.trials[7].settings.batch, 64);
  EXPECT_EQ(study.trials[7].settings.optimizer.lr, 0.1);
  EXPECT_THAT(labels(study_of("m", {"norm=batch,none", "batch=8,4"})),
              ElementsAre("norm=batch batch=8", "norm=batch batch=4", "norm=none batch=8",
                          "norm=none batch=4"));
}

TEST(MakeStudy, ASingleArmIsCalledByItsNorm) {
  EXPECT_THAT(labels(study_of("m", {"norm=batch", "lr=0.1"})), ElementsAre("norm=batch"));
}

TEST(MakeStudy, LongModelsGetAShortName) {
  EXPECT_EQ(study_of("models/my net.toml", {}).name, "my net");
  EXPECT_EQ(study_of("", {"model=a,b"}).name, "a+b");
  EXPECT_THAT(labels(study_of("", {"model=a,b", "norm=batch"})), ElementsAre("model=a", "model=b"));
}

TEST(MakeStudy, NoTwoArmsAreCalledAlike) {
  const Study study = study_of("", {"model=a/net.toml,b/net.toml", "norm=batch"});
  EXPECT_THAT(labels(study), ElementsAre("model=a/net", "model=b/net"));
  EXPECT_EQ(study.name, "a/net+b/net");
}

TEST(JoinGroups, RefusesTwoArmsOfOneLabel) {
  const StudyGroup slow{"slow", study_of("m", {"lr=1,2", "norm=batch"})};
  const StudyGroup other{"slow lr=1", study_of("m", {"lr=3", "norm=batch"})};
  EXPECT_THAT(
      ([&] {
        join_groups("s", std::vector{slow, other});
      }),
      testing::ThrowsMessage<RequestError>(HasSubstr("s: two arms are called 'slow lr=1'")));
}

TEST(TrialId, IsTwelveHexDigitsAndDiffersBetweenTrials) {
  std::set<std::string> ids;
  const Study study = study_of("m", {"lr=log(1e-4,1,9)", "batch=32,64"});
  for (const Trial& trial : study.trials) {
    EXPECT_THAT(trial.id, MatchesRegex("[0-9a-f]{12}"));
    ids.insert(trial.id);
  }
  EXPECT_EQ(ids.size(), 360u);
  for (const Arm& arm : study.arms) ids.insert(arm.id);
  EXPECT_EQ(ids.size(), 360u + 36u);
}

/// Ids are kept in stores and file names: a change of this value needs a reason and a higher
/// kNumericsVersion.
TEST(TrialId, IsTheSameTodayAsEver) {
  TrialSettings settings;
  settings.model = "mlp-128-64";
  const TrialContents contents{.model = "flatten, linear 10", .data = "0123", .init = ""};
  EXPECT_EQ(trial_id(settings, contents), "26817b5b8629");
}

TEST(TrialId, FollowsContentsNotNames) {
  TrialSettings a;
  a.model = "mlp-128-64";
  a.data = "mnist";
  TrialSettings b = a;
  b.model = "models/mlp-128-64.toml";
  b.data = "folder/mnist";
  const TrialContents contents{.model = "layers", .data = "sha", .init = ""};
  EXPECT_EQ(trial_id(a, contents), trial_id(b, contents));
  EXPECT_NE(trial_id(a, contents), trial_id(a, {.model = "others", .data = "sha", .init = ""}));
  EXPECT_NE(trial_id(a, contents), trial_id(a, {.model = "layers", .data = "other", .init = ""}));
  EXPECT_NE(trial_id(a, contents),
            trial_id(a, {.model = "layers", .data = "sha", .init = "other"}));
}

TEST(TrialId, OnlyTheArmsLeavesTheSeedOut) {
  TrialSettings a;
  TrialSettings b;
  b.seed = 2;
  EXPECT_NE(trial_id(a, {}), trial_id(b, {}));
  EXPECT_EQ(arm_id(a, {}), arm_id(b, {}));
  b.batch = 65;
  EXPECT_NE(arm_id(a, {}), arm_id(b, {}));
}

TEST(TrialId, DoesNotDependOnTheProbe) {
  TrialSettings a;
  TrialSettings b;
  b.probe = 0;
  EXPECT_EQ(trial_id(a, {}), trial_id(b, {})) << "looking changes no bit of the result";
  EXPECT_EQ(arm_id(a, {}), arm_id(b, {}));
}

TEST(IdleSettings, AreNamedOnceWithTheReason) {
  EXPECT_THAT(warnings({"momentum=0.9"}),
              ElementsAre("momentum has no effect: only optimizer=sgd uses it"));
  EXPECT_THAT(warnings({"norm=none", "eps=1e-3"}),
              ElementsAre("eps has no effect: only norm=batch uses it"));
  EXPECT_THAT(warnings({"optimizer=sgd", "momentum=0.9"}), IsEmpty());
  EXPECT_THAT(warnings({}), IsEmpty());
}

TEST(IdleSettings, InSomeArmsMatterOnlyForAnAxis) {
  EXPECT_THAT(warnings({"eps=1e-3"}), IsEmpty());
  EXPECT_THAT(warnings({"eps=1e-3,1e-5"}),
              ElementsAre("eps has no effect where norm=none: only norm=batch uses it; arms that "
                          "differ in it alone train the same, so one of them is run"));
}

TEST(IdleSettings, ArmsThatTrainTheSameAreRunOnce) {
  EXPECT_THAT(labels(study_of("m", {"eps=1e-3,1e-5"})),
              ElementsAre("norm=none", "eps=0.001 norm=batch", "eps=1e-5 norm=batch"));
  EXPECT_THAT(
      labels(study_of("m", {"norm=batch", "optimizer=sgd,adam", "momentum=0,0.9"})),
      ElementsAre("optimizer=sgd momentum=0", "optimizer=sgd momentum=0.9", "optimizer=adam"));
  EXPECT_THAT(labels(study_of("m", {"norm=batch", "epochs=1,2", "steps=0,10"})),
              ElementsAre("epochs=1 steps=0", "steps=10", "epochs=2 steps=0"));
  const Study study = study_of("m", {"norm=none", "momentum=0,0.5,0.9", "seed=1..3"});
  EXPECT_THAT(labels(study), ElementsAre("norm=none"));
  EXPECT_EQ(study.trials.size(), 3u);
}

TEST(IdleSettings, AModelWithoutNormSlotsIsRunOnce) {
  constexpr const char* kNothingToFill =
      "norm has no effect: it has nothing to fill, as the model has no norm slots";
  constexpr const char* kOnce =
      "; arms that differ in it alone train the same, so one of them is run";
  for (const std::vector<std::string>& grid :
       {std::vector<std::string>{}, {"norm=none,batch"}, {"norm=batch,none"}}) {
    const Study study = study_of("bare", grid);
    EXPECT_THAT(labels(study), ElementsAre("model=bare"));
    EXPECT_EQ(study.arms[0].settings.norm.kind, NormKind::none);
    EXPECT_EQ(study.trials.size(), study_of("m", {"norm=none"}).trials.size());
    EXPECT_EQ(study.id, study_of("bare", {"norm=batch"}).id);
    EXPECT_THAT(warnings(grid, "bare"), ElementsAre(kNothingToFill + std::string(kOnce)));
  }
  EXPECT_THAT(warnings({"norm=batch"}, "bare"), ElementsAre(kNothingToFill));
  EXPECT_THAT(
      warnings({"norm=none", "stat_update=0.5"}, "bare"),
      ElementsAre(kNothingToFill, "stat_update has no effect: the model has no norm slots"));
}

TEST(IdleSettings, OnlyTheModelWithoutNormSlotsIsRunOnce) {
  const std::vector<std::string> grid = {"model=m,bare", "norm=none,batch"};
  EXPECT_THAT(labels(study_of("", grid)),
              ElementsAre("model=m norm=none", "model=m norm=batch", "model=bare"));
  EXPECT_THAT(warnings(grid, ""),
              ElementsAre("norm has no effect where model=bare: it has nothing to fill, as the "
                          "model has no norm slots; arms that differ in it alone train the same, "
                          "so one of them is run"));
  EXPECT_THAT(labels(study_of("", {"model=m,bare", "norm=batch"})),
              ElementsAre("model=m", "model=bare"));
}

TEST(IdleSettings, AValueOfItsOwnCanBeTheReason) {
  EXPECT_THAT(labels(study_of("m", {"norm=batch", "schedule=constant,step:9:0.1,step:2:0.1"})),
              ElementsAre("schedule=constant", "schedule=step:2:0.1"));
  EXPECT_THAT(warnings({"schedule=constant,step:9:0.1"}),
              ElementsAre("schedule has no effect where schedule=step:9:0.1: the trial ends before "
                          "the first step; arms that differ in it alone train the same, so one of "
                          "them is run"));
}

TEST(IdleSettings, TrialsKeepTheirIds) {
  const Study one = study_of("m", {"norm=none", "eps=1e-3"});
  EXPECT_EQ(one.trials[0].id, study_of("m", {"norm=none,batch", "eps=1e-3"}).trials[0].id);
  EXPECT_NE(one.trials[0].id, study_of("m", {"norm=none"}).trials[0].id)
      << "what is stored of such trials must be found again";
}

}  // namespace
}  // namespace normlab
