#pragma once

#include <optional>
#include <string>

#include "normlab/lab/trial.h"

namespace normlab {

/// Where results outlive the program, and where programs that run the same trials agree on who runs
/// which. Called from several threads at once. Every function throws Error when it cannot do its
/// work; then the study ends, and what was finished before stays.
class TrialLedger {
 public:
  virtual ~TrialLedger() = default;

  /// The record of a trial that needs no further run.
  virtual std::optional<TrialRecord> find_finished(const Trial& trial) = 0;

  /// True: the caller runs the trial, and calls `finish` or `abandon` in the end. False: somebody
  /// else is running it.
  virtual bool claim(const Trial& trial) = 0;
  /// Keeps the result and gives the claim back.
  virtual void finish(const TrialResult& result) = 0;
  /// Gives the claim back without a result.
  virtual void abandon(const Trial& trial) = 0;

  /// Where the trial keeps its state from epoch to epoch, so that it can go on after an
  /// interruption.
  virtual std::string resume_path(const Trial& trial) = 0;
};

}  // namespace normlab
