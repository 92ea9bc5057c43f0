#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "normlab/lab/trial.h"
#include "normlab/lab/trial_ledger.h"

namespace normlab {

/// What the queue knows of a trial before it runs.
struct TrialNeeds {
  double cost = 0;         ///< how long it takes, in any unit
  std::int64_t bytes = 0;  ///< of memory while it runs
};

struct QueueOptions {
  /// Empty: trials need no memory, and how long they take is not known.
  std::function<TrialNeeds(const Trial&)> needs = {};
  /// Trials wait while those under way leave too little of so many bytes; one always runs.
  std::int64_t memory = std::numeric_limits<std::int64_t>::max();
  TrialLedger* ledger = nullptr;  ///< null: nothing is finished, everything can be claimed
};

/// The trials of a study that wait for a job, in the order of lab/trial_order.h. Thread-safe.
class TrialQueue {
 public:
  /// What a job gets to do: run the trial, which is then claimed in its name, or take the result
  /// that is there.
  struct Turn {
    std::size_t trial = 0;  ///< index into Study::trials
    std::optional<TrialRecord> finished;
  };

  TrialQueue(const Study& study, const QueueOptions& options);

  /// The next turn; absent when no trial is left or `stop` was requested. Waits while others run
  /// all that is left.
  std::optional<Turn> next(const std::stop_token& stop);
  /// A trial that was given out to be run does so no longer.
  void end_turn(std::size_t trial);

 private:
  std::optional<Turn> take(std::size_t trial);
  std::optional<Turn> take_any();
  bool fits(std::size_t trial) const;

  const Study& study_;
  TrialLedger* ledger_;
  std::int64_t memory_;
  std::vector<TrialNeeds> needs_;  ///< of each trial
  std::mutex mutex_;
  std::size_t running_ = 0;
  std::int64_t bytes_ = 0;  ///< of the trials that run
  std::list<std::size_t> waiting_;
};

}  // namespace normlab
