#include "normlab/train/resume_file.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/train/trial_test.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

/// Hears of files that cannot be written.
class Listener : public TrialObserver {
 public:
  void on_step(std::int64_t step, std::int64_t) override {
    if (step == 30 && at_step_30) at_step_30();
  }
  void on_epoch(const EpochRecord&, std::int64_t) override {}
  void on_unwritten(TrialFile file, const std::string& why) override {
    (file == TrialFile::state ? states : checkpoints).push_back(why);
  }
  std::function<void()> at_step_30;
  std::vector<std::string> states;
  std::vector<std::string> checkpoints;
};

class UnwrittenTest : public ResumeTest {
 protected:
  TrialRecord run_with(Listener& listener, const fs::path& state, const fs::path& checkpoint) {
    TrialContext context;
    context.observer = &listener;
    context.resume_path = state.string();
    context.resume_seconds = 0;
    context.checkpoint_path = checkpoint.string();
    return run_trial(settings_, data_, context);
  }
};

TEST_F(UnwrittenTest, ATrialGoesOnWithoutItsStateAndSaysSoOnce) {
  const TrialRecord whole = run();
  Listener listener;
  const TrialRecord record =
      run_with(listener, folder_ / "gone" / "state", folder_ / "c.safetensors");
  EXPECT_EQ(record.status, TrialStatus::done);
  EXPECT_EQ(record.step_losses, whole.step_losses);
  EXPECT_THAT(listener.states, testing::ElementsAre(testing::HasSubstr("gone/state")))
      << "two epochs could not be kept";
  EXPECT_TRUE(listener.checkpoints.empty());
}

TEST_F(UnwrittenTest, WhatStandsInThePlaceOfTheStateIsFreed) {
  const fs::path state = folder_ / "state";
  Listener listener;
  // A file cannot take the place of a folder.
  listener.at_step_30 = [&] {
    EXPECT_TRUE(fs::remove(state)) << "the first epoch's";
    fs::create_directory(state);
  };
  const TrialRecord record = run_with(listener, state, folder_ / "c.safetensors");
  EXPECT_EQ(record.status, TrialStatus::done);
  EXPECT_EQ(listener.states.size(), 1u);
  EXPECT_FALSE(fs::exists(state));
}

TEST_F(UnwrittenTest, ATrialIsDoneWithoutItsCheckpoint) {
  Listener listener;
  const TrialRecord record =
      run_with(listener, folder_ / "state", folder_ / "gone" / "c.safetensors");
  EXPECT_EQ(record.status, TrialStatus::done);
  EXPECT_TRUE(record.test);
  EXPECT_EQ(record.checkpoint, "");
  EXPECT_THAT(listener.checkpoints, testing::ElementsAre(testing::HasSubstr("gone/c.safetensors")));
}

}  // namespace
}  // namespace normlab
