#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>

#include "normlab/lab/trial.h"
#include "normlab/lab/trial_ledger.h"

namespace normlab {

/// The trials of a study that wait for a job, the longest first. Thread-safe.
class TrialQueue {
 public:
  /// What a job gets to do: run the trial, which is then claimed in its name, or take the result
  /// that is there.
  struct Turn {
    std::size_t trial = 0;  ///< index into Study::trials
    std::optional<TrialRecord> finished;
  };

  /// `cost` may be empty: the study's order. `ledger` may be null: nothing is finished, everything
  /// can be claimed.
  TrialQueue(const Study& study, const std::function<double(const Trial&)>& cost,
             TrialLedger* ledger);

  /// The next turn; absent when no trial is left or `stop` was requested. Waits while others run
  /// all that is left.
  std::optional<Turn> next(const std::stop_token& stop);

 private:
  std::optional<Turn> take(std::size_t trial);
  std::optional<Turn> take_any();

  const Study& study_;
  TrialLedger* ledger_;
  std::mutex mutex_;
  std::list<std::size_t> waiting_;
};

}  // namespace normlab
