#include "normlab/cli/progress_lines.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(ProgressLines, OneForEachEpochAndForWhatWentWrong) {
  Study study;
  study.arms.emplace_back();
  study.arms.back().label = "norm=batch";
  study.trials.emplace_back();
  study.trials.back().settings.seed = 3;
  std::string text;
  ProgressLines lines(study, TimeLeft(study, std::vector<double>{1}, 1),
                      [&](std::string_view line) { text += line; });

  lines.on_trial_start(0);
  lines.on_step(0, 1, 10);
  lines.on_epoch(0,
                 {.epoch = 2,
                  .steps = 10,
                  .train = {{"loss", 0.25}, {"accuracy", 0.9}},
                  .validation = {{"loss", 0.5}, {"accuracy", 0.9731}},
                  .seconds = 1.26},
                 5);
  lines.on_trial_end(0, {});
  EXPECT_EQ(text,
            "norm=batch seed=3 epoch 2/5: train loss 0.2500, validation loss 0.5000, accuracy "
            "97.31 %, 1.3 s\n");

  text.clear();
  TrialRecord failed;
  failed.status = TrialStatus::failed;
  failed.error = "no space left";
  lines.on_trial_end(0, failed);
  TrialRecord diverged;
  diverged.status = TrialStatus::diverged;
  diverged.divergence = Divergence{17, "3: linear 64"};
  lines.on_trial_end(0, diverged);
  EXPECT_EQ(text,
            "norm=batch seed=3 failed: no space left\n"
            "norm=batch seed=3 diverged at step 17, first in 3: linear 64\n");
}

TEST(ProgressLines, SayWhatIsLeftWhenATrialEnds) {
  Study study;
  study.arms.emplace_back();
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    study.trials.emplace_back();
    study.trials.back().settings.seed = seed;
  }
  std::string text;
  ProgressLines lines(study, TimeLeft(study, std::vector<double>{1, 1, 1}, 1),
                      [&](std::string_view line) { text += line; });
  lines.on_trial_start(0);
  lines.on_step(0, 10, 10);
  lines.on_trial_end(0, {});
  EXPECT_THAT(text, testing::MatchesRegex("1 of 3 trials done, 0:0[0-9] left\n"));
  text.clear();
  lines.on_trial_reused(1, {});
  lines.on_trial_end(2, {});
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("trials done")));
}

}  // namespace
}  // namespace normlab
