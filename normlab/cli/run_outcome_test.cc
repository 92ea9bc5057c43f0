#include "normlab/cli/run_outcome.h"

#include <csignal>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/cli/command_line.h"

namespace normlab {
namespace {

Study study_of(std::size_t trials) {
  Study study;
  study.arms.emplace_back();
  study.arms.back().label = "norm=none";
  study.trials.resize(trials);
  for (std::size_t i = 0; i < trials; ++i) study.trials[i].settings.seed = i + 1;
  return study;
}

std::vector<TrialResult> results_of(const Study& study, std::size_t count, std::size_t failed) {
  std::vector<TrialResult> results;
  for (std::size_t i = 0; i < count; ++i) {
    TrialRecord record;
    if (i < failed) {
      record.status = TrialStatus::failed;
      record.error = "no space left";
    }
    results.push_back({study.trials[i], record});
  }
  return results;
}

std::string outcome(std::size_t planned, std::size_t finished, std::size_t failed, int signal) {
  const Study study = study_of(planned);
  try {
    throw_unless_complete(study, results_of(study, finished, failed), signal,
                          "to go on: normlab run m");
  } catch (const Error& error) {
    return error.what();
  }
  return "complete";
}

TEST(RunOutcome, CompleteStudiesSayNothing) {
  EXPECT_EQ(outcome(3, 3, 0, 0), "complete");
  EXPECT_EQ(outcome(3, 3, 0, SIGINT), "complete") << "the signal came too late to matter";
}

TEST(RunOutcome, NamesWhatFailedAndWhy) {
  EXPECT_EQ(outcome(3, 3, 1, 0),
            "1 of 3 trials failed\n  norm=none seed=1: no space left\nto go on: normlab run m");
  EXPECT_EQ(outcome(3, 1, 1, 0),
            "1 of 3 trials failed, 2 were not run\n  norm=none seed=1: no space left\nto go on: "
            "normlab run m");
  EXPECT_NE(outcome(30, 30, 12, 0).find("and 2 more"), std::string::npos);
}

TEST(RunOutcome, AnInterruptionSaysHowFarItGot) {
  EXPECT_EQ(outcome(3, 1, 0, SIGINT),
            "interrupted: 1 of 3 trials are finished; to go on: normlab run m");
  const Study study = study_of(2);
  try {
    throw_unless_complete(study, {}, SIGTERM, "");
    FAIL();
  } catch (const StoppedBySignal& stopped) {
    EXPECT_EQ(stopped.signal(), SIGTERM);
  }
}

}  // namespace
}  // namespace normlab
