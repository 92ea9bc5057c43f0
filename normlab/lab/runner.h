#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "normlab/data/dataset.h"
#include "normlab/lab/trial.h"
#include "normlab/lab/trial_ledger.h"
#include "normlab/lab/trial_queue.h"
#include "normlab/train/trial_runner.h"

namespace normlab {

/// Data sets by the name that TrialSettings::data has for them.
using Datasets = std::map<std::string, Dataset>;

/// Watches a study. Trials are named by their place in Study::trials. Called from several threads
/// at once; must not throw and must be quick. Has no effect on results.
class StudyObserver {
 public:
  virtual ~StudyObserver() = default;
  virtual void on_trial_start(std::size_t trial) = 0;
  virtual void on_step(std::size_t trial, std::int64_t step, std::int64_t total_steps) = 0;
  virtual void on_epoch(std::size_t trial, const EpochRecord& epoch, std::int64_t total_epochs) = 0;
  /// The trial has a result; not called for a trial that was stopped on its way.
  virtual void on_trial_end(std::size_t trial, const TrialRecord& record) = 0;
  /// The trial's result was there already, from an earlier run or another process; instead of start
  /// and end.
  virtual void on_trial_reused(std::size_t trial, const TrialRecord& record) = 0;
};

struct RunOptions {
  int jobs = 1;            ///< trials at a time, >= 1
  int threads = 1;         ///< for each trial, >= 1
  bool fail_fast = false;  ///< a failed trial stops the others
  /// An existing folder for <trial id>.safetensors; empty: none are written.
  std::filesystem::path checkpoints = {};
  StudyObserver* observer = nullptr;
  TrialLedger* ledger = nullptr;  ///< null: every trial is run, nothing is kept
  /// What each trial takes; see lab/trial_order.h for what the order makes of it. Empty: not known.
  std::function<TrialNeeds(const Trial&)> needs = {};
  /// Bytes that trials which run at the same time may use together; one always runs.
  std::int64_t memory = std::numeric_limits<std::int64_t>::max();
  std::stop_token stop = {};  ///< ends the study at each trial's next step
};

/// Trains one trial. In the program run_trial; in tests a stand-in with known outcomes.
using TrainFunction =
    std::function<TrialRecord(const TrialSettings&, const Dataset&, const TrialContext&)>;
/// Throws RequestError for a trial that cannot run. In the program check_trial.
using CheckFunction = std::function<void(const TrialSettings&, const Dataset&)>;

/// Loads what the study's arms train on, each data set once. `load` throws RequestError when there
/// is none such.
Datasets load_datasets(std::span<const std::string> names,
                       const std::function<Dataset(const std::string&)>& load);

/// Checks every arm. Throws RequestError that names the arm when there are several.
void check_study(const Study& study, const Datasets& datasets, const CheckFunction& check);

/// Runs the study's trials and returns the results of those that came to an end, in the order of
/// Study::trials whatever the number of jobs and whichever finished first. A trial that throws
/// becomes a failed result with the message, and the others go on. A trial that was stopped on its
/// way has no result. In each arm the trial of the lowest seed keeps its predictions and is probed,
/// as its setting says. With a ledger, finished trials are taken from there, and those that another
/// process runs are waited for; what the ledger throws ends the study and is rethrown. A finished
/// trial is taken as it is, even without probe and predictions. With a ledger, these are there
/// alone.
std::vector<TrialResult> run_study(const Study& study, const Datasets& datasets,
                                   const RunOptions& options, const TrainFunction& train);

}  // namespace normlab
