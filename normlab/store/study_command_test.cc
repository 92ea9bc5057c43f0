#include "normlab/store/study_command.h"

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(StudyCommand, NamesTheFolderUnlessItIsTheDefault) {
  EXPECT_EQ(normlab_command({"list"}), "normlab list");
  EXPECT_EQ(normlab_command({"list"}, "runs"), "normlab list");
  EXPECT_EQ(normlab_command({"show", "my study"}, "it's here"),
            R"(normlab show 'my study' --runs 'it'\''s here')");
}

TEST(StudyCommand, AStudysHasTheThresholdThatItWasRunWith) {
  StoredStudy stored;
  stored.command = "mlp-128-64 seed=1..5";
  EXPECT_EQ(run_again_command(stored), "normlab run mlp-128-64 seed=1..5");
  stored.threshold = 0.5;
  EXPECT_EQ(run_again_command(stored, "my runs"),
            "normlab run mlp-128-64 seed=1..5 --threshold 0.5 --runs 'my runs'");
  stored.command += " --threshold 0.5";
  EXPECT_EQ(run_again_command(stored), "normlab run mlp-128-64 seed=1..5 --threshold 0.5");
}

// Where no seeds were given, older programs ran five.
TEST(StudyCommand, AStudysHasItsSeedsWhereTheDefaultIsAnother) {
  StoredStudy stored;
  stored.command = "mlp-128-64";
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    stored.study.trials.emplace_back().settings.seed = seed;
  }
  EXPECT_EQ(run_again_command(stored), "normlab run mlp-128-64 seed=1..5");
  for (std::uint64_t seed = 6; seed <= 10; ++seed) {
    stored.study.trials.emplace_back().settings.seed = seed;
  }
  EXPECT_EQ(run_again_command(stored), "normlab run mlp-128-64");
}

TEST(StudyCommand, ATrialsHasWhatDiffersFromTheDefaults) {
  TrialSettings settings;
  settings.model = "flatten, linear 10";
  settings.data = "a,b";
  settings.norm.kind = NormKind::none;
  settings.seed = 7;
  settings.optimizer.lr = 0.25;
  settings.checkpoint = CheckpointPolicy::none;
  EXPECT_EQ(run_trial_command(settings, std::vector<std::string>{"checkpoint=last"}),
            R"(normlab run 'flatten, linear 10' 'data="a,b"' lr=0.25 norm=none seed=7 )"
            "checkpoint=last");
}

}  // namespace
}  // namespace normlab
