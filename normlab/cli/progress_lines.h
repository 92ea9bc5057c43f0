#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "normlab/base/stopwatch.h"
#include "normlab/lab/runner.h"
#include "normlab/lab/time_left.h"
#include "normlab/lab/trial.h"

namespace normlab {

/// Writes one plain line for each finished epoch, for each trial that diverged or failed, and, when
/// a trial ends, for what is left of the study, which must outlive it.
class ProgressLines final : public StudyObserver {
 public:
  /// `write` is given whole lines; calls may come from several threads at once.
  ProgressLines(const Study& study, TimeLeft left, std::function<void(std::string_view)> write)
      : study_(study), left_(std::move(left)), write_(std::move(write)) {}

  void on_trial_start(std::size_t trial) override;
  void on_step(std::size_t trial, std::int64_t step, std::int64_t total_steps) override;
  void on_epoch(std::size_t trial, const EpochRecord& epoch, std::int64_t total_epochs) override;
  void on_trial_end(std::size_t trial, const TrialRecord& record) override;
  void on_trial_reused(std::size_t trial, const TrialRecord& record) override;
  void on_warning(const std::string& warning) override;

 private:
  void write_left();

  const Study& study_;
  std::mutex mutex_;
  TimeLeft left_;
  std::size_t ended_ = 0;
  Stopwatch watch_;
  std::function<void(std::string_view)> write_;
};

/// "norm=batch seed=3".
std::string trial_label(const Study& study, const Trial& trial);

}  // namespace normlab
