#include "normlab/cli/progress_lines.h"

#include <fmt/format.h>

#include "normlab/cli/progress_bars.h"
#include "normlab/lab/trial_status.h"

namespace normlab {

std::string trial_label(const Study& study, const Trial& trial) {
  return fmt::format("{} seed={}", study.arms[trial.arm].label, trial.settings.seed);
}

void ProgressLines::on_trial_start(std::size_t trial) {
  const std::scoped_lock lock(mutex_);
  left_.start_trial(trial, watch_.seconds());
}

void ProgressLines::on_step(std::size_t trial, std::int64_t step, std::int64_t total_steps) {
  const std::scoped_lock lock(mutex_);
  left_.count_step(trial, step, total_steps, watch_.seconds());
}

void ProgressLines::on_epoch(std::size_t trial, const EpochRecord& epoch,
                             std::int64_t total_epochs) {
  write_(fmt::format(
      "{} epoch {}/{}: train loss {:.4f}, validation loss {:.4f}, accuracy {:.2f} %, {:.1f} s\n",
      trial_label(study_, study_.trials[trial]), epoch.epoch, total_epochs, epoch.train.at("loss"),
      epoch.validation.at("loss"), 100 * epoch.validation.at("accuracy"), epoch.seconds));
}

void ProgressLines::on_trial_end(std::size_t trial, const TrialRecord& record) {
  const std::string label = trial_label(study_, study_.trials[trial]);
  if (record.status == TrialStatus::failed)
    write_(fmt::format("{} failed: {}\n", label, record.error));
  if (record.divergence) {
    write_(fmt::format("{} diverged {}\n", label, place_text(*record.divergence)));
  }
  if (record.stopped_early) {
    write_(fmt::format("{} stopped after {} epochs: validation accuracy did not rise any more\n",
                       label, record.epochs.size()));
  }
  const std::scoped_lock lock(mutex_);
  left_.end_trial(trial, watch_.seconds());
  ++ended_;
  write_left();
}

/// Not when only one is left: its own epochs tell.
void ProgressLines::write_left() {
  const std::size_t trials = study_.trials.size();
  if (ended_ + 1 >= trials) return;
  const std::optional<double> seconds = left_.seconds();
  write_(fmt::format("{} of {} trials done{}\n", ended_, trials,
                     seconds ? fmt::format(", {} left", format_duration(*seconds)) : ""));
}

void ProgressLines::on_trial_reused(std::size_t trial, const TrialRecord&) {
  const std::scoped_lock lock(mutex_);
  left_.reuse_trial(trial);
  ++ended_;
  write_(fmt::format("{} finished before: taken from the store\n",
                     trial_label(study_, study_.trials[trial])));
}

void ProgressLines::on_warning(const std::string& warning) {
  write_(fmt::format("normlab: warning: {}\n", warning));
}

}  // namespace normlab
