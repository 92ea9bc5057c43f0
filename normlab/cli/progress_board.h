#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "normlab/lab/trial.h"

namespace normlab {

/// How far an arm is. Times in seconds on the caller's clock.
struct ArmProgress {
  std::string label;
  std::size_t trials = 0;
  std::size_t running = 0;
  std::size_t ended = 0;  ///< diverged and failed ones included
  std::size_t diverged = 0;
  std::size_t failed = 0;
  std::size_t reused = 0;   ///< of those that ended: their result was there before
  std::int64_t epoch = 0;   ///< under way or just finished, of the trial that reported last
  std::int64_t epochs = 0;  ///< of each trial, 0 while unknown
  std::int64_t steps_per_trial = 0;           ///< 0 while unknown
  std::int64_t steps = 0;                     ///< taken by all its trials
  std::int64_t running_steps = 0;             ///< taken by those that run
  std::optional<double> validation_accuracy;  ///< the latest
  double started = 0;                         ///< when its first trial started
  double latest = 0;                          ///< when it was last heard of

  /// Since the first trial's start, evaluation included; 0 while unknown.
  double steps_per_second() const;
  /// At that rate; absent while unknown and when nothing is left.
  std::optional<double> seconds_left() const;
};

/// Keeps account of a study's events. Trials are named by their place in Study::trials. Not
/// thread-safe.
class ProgressBoard {
 public:
  explicit ProgressBoard(const Study& study);

  void start_trial(std::size_t trial, double now);
  void count_step(std::size_t trial, std::int64_t step, std::int64_t total_steps, double now);
  void finish_epoch(std::size_t trial, const EpochRecord& epoch, std::int64_t total_epochs);
  void end_trial(std::size_t trial, TrialStatus status, double now);
  void reuse_trial(std::size_t trial, const TrialRecord& record);

  const std::vector<ArmProgress>& arms() const { return arms_; }

 private:
  ArmProgress& arm_of(std::size_t trial) { return arms_[arm_[trial]]; }

  std::vector<ArmProgress> arms_;
  std::vector<std::size_t> arm_;     ///< of each trial
  std::vector<std::int64_t> steps_;  ///< of each trial
};

}  // namespace normlab
