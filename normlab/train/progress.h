#pragma once

#include <cstdint>
#include <string>

#include "normlab/train/trial_record.h"

namespace normlab {

/// What a trial writes.
enum class TrialFile { state, checkpoint };

/// Watches a trial. Called from the trial's thread; must not throw and must be quick. Has no effect
/// on the result.
class TrialObserver {
 public:
  virtual ~TrialObserver() = default;
  /// After every step: `step` of `total_steps`.
  virtual void on_step(std::int64_t step, std::int64_t total_steps) = 0;
  /// After every epoch's evaluation.
  virtual void on_epoch(const EpochRecord& epoch, std::int64_t total_epochs) = 0;
  /// The trial goes on without a file that it could not write; `why` names it. At most once for
  /// each kind.
  virtual void on_unwritten(TrialFile, const std::string& /*why*/) {}
};

}  // namespace normlab
