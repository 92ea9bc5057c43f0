#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "normlab/train/evaluation.h"
#include "normlab/train/probe_record.h"

namespace normlab {

struct EpochRecord {
  std::int64_t epoch = 0;  ///< from 1
  std::int64_t steps = 0;  ///< optimizer steps since the trial began
  Evaluation train;        ///< mean over the epoch's batches, as they were trained on
  Evaluation validation;   ///< after the epoch, running statistics
  double seconds = 0;      ///< training only, evaluation not counted
};

/// What a trial was doing.
enum class TrialPhase { training, validation, test };

/// Where a trial met its first non-finite loss.
struct Divergence {
  std::int64_t step = 0;  ///< from 1; of an evaluation the last step before it
  std::string layer;  ///< the first layer whose output was not finite, "3: linear 64"; "loss" when
                      ///< all were finite
  TrialPhase phase = TrialPhase::training;
};

/// A norm layer whose batch statistics were beyond floats at some steps, which left its running
/// statistics, and with them every evaluation, where they were.
struct LostStatistics {
  std::string layer;         ///< "2" as in the checkpoint's names
  std::int64_t updates = 0;  ///< of single channels
};

enum class TrialStatus { done, diverged, failed };

/// What one trial leaves behind.
struct TrialRecord {
  TrialStatus status = TrialStatus::done;
  std::string error;                            ///< failed only
  std::optional<Divergence> divergence;         ///< diverged only
  bool stopped_early = false;                   ///< `patience` ended it after the last of `epochs`
  std::vector<LostStatistics> lost_statistics;  ///< of the norm layers that lost any
  std::int64_t steps = 0;
  double seconds = 0;        ///< wall time of the whole trial
  double train_seconds = 0;  ///< of the training steps alone
  /// Of one step, train/step_seconds.h; of a trial that went on after an interruption, of the steps
  /// after it. Absent without a step, and in records from before this was kept.
  std::optional<double> step_seconds;
  std::int64_t train_examples = 0;  ///< in the training set after the split
  std::int64_t validation_examples = 0;
  std::int64_t test_examples = 0;
  /// Share of the most frequent class among the validation examples: what a network reaches that
  /// has learnt nothing else. Absent in records from before this was kept.
  std::optional<double> validation_majority;
  std::vector<float> step_losses;    ///< training loss of every step
  std::vector<EpochRecord> epochs;   ///< finished epochs, in order
  std::optional<Evaluation> test;    ///< last epoch, read once at the end; absent when diverged
  std::string checkpoint;            ///< path of the file written, empty when none was
  std::optional<ProbeRecord> probe;  ///< of probed trials
  std::optional<Predictions>
      predictions;  ///< of the trial's network on the test images, where they are kept
};

}  // namespace normlab
