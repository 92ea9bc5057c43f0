#pragma once

#include <functional>
#include <string_view>

#include "normlab/lab/runner.h"
#include "normlab/lab/trial.h"

namespace normlab {

/// Writes one plain line for each finished epoch, and for each trial that diverged or failed. The
/// study must outlive it.
class ProgressLines final : public StudyObserver {
 public:
  /// `write` is given whole lines; calls may come from several threads at once.
  ProgressLines(const Study& study, std::function<void(std::string_view)> write)
      : study_(study), write_(std::move(write)) {}

  void on_trial_start(std::size_t) override {}
  void on_step(std::size_t, std::int64_t, std::int64_t) override {}
  void on_epoch(std::size_t trial, const EpochRecord& epoch, std::int64_t total_epochs) override;
  void on_trial_end(std::size_t trial, const TrialRecord& record) override;
  void on_trial_reused(std::size_t trial, const TrialRecord& record) override;

 private:
  const Study& study_;
  std::function<void(std::string_view)> write_;
};

/// "norm=batch seed=3".
std::string trial_label(const Study& study, const Trial& trial);

}  // namespace normlab
