#include "normlab/lab/runner.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "normlab/base/error.h"
#include "normlab/lab/settings.h"

namespace normlab {
namespace {

/// Files that trials could not write: a full disk meets all of them, and is told of once for each
/// kind of file.
class FileTroubles {
 public:
  explicit FileTroubles(StudyObserver* observer) : observer_(observer) {}

  void tell(TrialFile file, const std::string& why) {
    const bool state = file == TrialFile::state;
    if (observer_ == nullptr || (state ? state_ : checkpoint_).test_and_set()) return;
    observer_->on_warning(
        fmt::format("{}; {} (this is said once)", why,
                    state ? "trials go on, but after an interruption this one would begin anew"
                          : "results are kept without these weights"));
  }

 private:
  StudyObserver* observer_;
  std::atomic_flag state_;
  std::atomic_flag checkpoint_;
};

/// Tells the study's observer what happens in one trial.
class TrialReporter final : public TrialObserver {
 public:
  TrialReporter(StudyObserver& observer, FileTroubles& troubles, std::size_t trial)
      : observer_(observer), troubles_(troubles), trial_(trial) {}

  void on_step(std::int64_t step, std::int64_t total_steps) override {
    observer_.on_step(trial_, step, total_steps);
  }
  void on_epoch(const EpochRecord& epoch, std::int64_t total_epochs) override {
    observer_.on_epoch(trial_, epoch, total_epochs);
  }
  void on_unwritten(TrialFile file, const std::string& why) override { troubles_.tell(file, why); }

 private:
  StudyObserver& observer_;
  FileTroubles& troubles_;
  std::size_t trial_;
};

/// The lowest seed of each arm, of the trials it was told of. Thread-safe.
class LowestSeeds {
 public:
  explicit LowestSeeds(std::size_t arms)
      : seeds_(arms, std::numeric_limits<std::uint64_t>::max()) {}

  /// True when no trial of the arm had a lower seed before.
  bool add(const Trial& trial) {
    const std::scoped_lock lock(mutex_);
    std::uint64_t& lowest = seeds_[trial.arm];
    if (lowest < trial.settings.seed) return false;
    lowest = trial.settings.seed;
    return true;
  }
  bool is_lowest(const Trial& trial) const { return seeds_[trial.arm] == trial.settings.seed; }

 private:
  std::mutex mutex_;
  std::vector<std::uint64_t> seeds_;
};

/// What a checkpoint says of its origin.
std::map<std::string, std::string> describe(const Trial& trial) {
  std::map<std::string, std::string> metadata = {{"normlab.trial", trial.id}};
  for (const auto& [key, value] : list_settings(trial.settings)) {
    metadata.emplace("normlab.settings." + key, value);
  }
  return metadata;
}

/// One run of a study, shared by its jobs.
class StudyRun {
 public:
  StudyRun(const Study& study, const Datasets& datasets, const RunOptions& options,
           const TrainFunction& train)
      : study_(study),
        datasets_(datasets),
        options_(options),
        train_(train),
        queue_(study, {options.needs, options.memory, options.ledger}),
        troubles_(options.observer),
        lowest_(study.arms.size()),
        lowest_done_(study.arms.size()),
        records_(study.trials.size()) {
    for (const Trial& trial : study.trials) lowest_.add(trial);
  }

  std::vector<TrialResult> run() {
    {
      const std::stop_callback forward(options_.stop, [this] { stop_.request_stop(); });
      const auto jobs = std::min(static_cast<std::size_t>(options_.jobs), study_.trials.size());
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < jobs; ++i) threads.emplace_back([this] { work(); });
    }
    if (failure_) std::rethrow_exception(failure_);
    std::vector<TrialResult> results;
    for (std::size_t i = 0; i < records_.size(); ++i) {
      if (records_[i]) results.push_back({study_.trials[i], std::move(*records_[i])});
    }
    return results;
  }

 private:
  /// Takes trials until there are none. What the ledger throws ends all jobs.
  void work() {
    try {
      while (std::optional<TrialQueue::Turn> turn = queue_.next(stop_.get_token())) {
        if (turn->finished) {
          if (options_.observer) options_.observer->on_trial_reused(turn->trial, *turn->finished);
          keep_predictions_of_lowest(turn->trial, *turn->finished);
          records_[turn->trial] = std::move(turn->finished);
        } else {
          run_one(turn->trial);
          queue_.end_turn(turn->trial);
        }
      }
    } catch (...) {
      const std::scoped_lock lock(failure_mutex_);
      if (!failure_) failure_ = std::current_exception();
      stop_.request_stop();
    }
  }

  void run_one(std::size_t index) {
    const Trial& trial = study_.trials[index];
    if (options_.observer) options_.observer->on_trial_start(index);
    std::optional<TrialRecord> record = train_one(index);
    if (!record) {
      if (options_.ledger) options_.ledger->abandon(trial);
      return;
    }
    keep_predictions_of_lowest(index, *record);
    if (options_.ledger) {
      options_.ledger->finish({trial, *record});
      // Thousands of trials' answers would fill the memory.
      record->probe.reset();
      record->predictions.reset();
    }
    if (options_.observer) options_.observer->on_trial_end(index, *record);
    if (options_.fail_fast && record->status == TrialStatus::failed) stop_.request_stop();
    records_[index] = std::move(record);
  }

  /// Which seed will be the lowest that is done, only the end of all trials tells.
  void keep_predictions_of_lowest(std::size_t index, TrialRecord& record) {
    const bool keep = record.status == TrialStatus::done && lowest_done_.add(study_.trials[index]);
    if (!keep) record.predictions.reset();
  }

  std::optional<TrialRecord> train_one(std::size_t index) {
    const Trial& trial = study_.trials[index];
    std::optional<TrialReporter> reporter;
    if (options_.observer) reporter.emplace(*options_.observer, troubles_, index);
    TrialContext context;
    context.observer = reporter ? &*reporter : nullptr;
    context.threads = options_.threads;
    context.stop = stop_.get_token();
    if (lowest_.is_lowest(trial)) context.probe_interval = trial.settings.probe;
    context.keep_predictions = true;
    if (options_.ledger) context.resume_path = options_.ledger->resume_path(trial);
    if (!options_.checkpoints.empty() && trial.settings.checkpoint != CheckpointPolicy::none) {
      context.checkpoint_path = (options_.checkpoints / (trial.id + ".safetensors")).string();
      context.checkpoint_metadata = describe(trial);
    }
    try {
      return train_(trial.settings, datasets_.at(trial.settings.data), context);
    } catch (const Interrupted&) {
      return std::nullopt;
    } catch (const std::exception& error) {
      TrialRecord record;
      record.status = TrialStatus::failed;
      record.error = error.what();
      return record;
    }
  }

  const Study& study_;
  const Datasets& datasets_;
  const RunOptions& options_;
  const TrainFunction& train_;
  TrialQueue queue_;
  FileTroubles troubles_;
  LowestSeeds lowest_;
  LowestSeeds lowest_done_;
  std::stop_source stop_;
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
  std::vector<std::optional<TrialRecord>> records_;  ///< each written by one job only
};

}  // namespace

Datasets load_datasets(std::span<const std::string> names,
                       const std::function<Dataset(const std::string&)>& load) {
  Datasets datasets;
  for (const std::string& name : names) {
    if (!datasets.contains(name)) datasets.emplace(name, load(name));
  }
  return datasets;
}

std::vector<std::string> check_study(const Study& study, const Datasets& datasets,
                                     const CheckFunction& check) {
  std::vector<std::string> notes;
  for (const Arm& arm : study.arms) {
    try {
      for (std::string& note : check(arm.settings, datasets.at(arm.settings.data))) {
        if (std::ranges::find(notes, note) == notes.end()) notes.push_back(std::move(note));
      }
    } catch (const RequestError& error) {
      if (study.arms.size() == 1) throw;
      fail("{}: {}", arm.label, error.what());
    }
  }
  return notes;
}

std::vector<TrialResult> run_study(const Study& study, const Datasets& datasets,
                                   const RunOptions& options, const TrainFunction& train) {
  return StudyRun(study, datasets, options, train).run();
}

}  // namespace normlab
