#include "normlab/cli/progress_board.h"

#include <algorithm>

namespace normlab {

double ArmProgress::steps_per_second() const {
  const double elapsed = latest - started;
  return elapsed > 0 ? static_cast<double>(steps) / elapsed : 0;
}

std::optional<double> ArmProgress::seconds_left() const {
  const double rate = steps_per_second();
  const std::int64_t left =
      static_cast<std::int64_t>(trials - ended) * steps_per_trial - running_steps;
  if (!(rate > 0) || left <= 0) return std::nullopt;
  return static_cast<double>(left) / rate;
}

ProgressBoard::ProgressBoard(const Study& study) : steps_(study.trials.size()) {
  for (const Arm& arm : study.arms) {
    arms_.emplace_back();
    arms_.back().label = arm.label;
    if (arm.settings.steps == 0) arms_.back().epochs = arm.settings.epochs;
  }
  for (const Trial& trial : study.trials) {
    arm_.push_back(trial.arm);
    ++arms_[trial.arm].trials;
  }
}

void ProgressBoard::start_trial(std::size_t trial, double now) {
  ArmProgress& arm = arm_of(trial);
  if (arm.running == 0 && arm.ended == arm.reused) arm.started = now;
  ++arm.running;
  arm.epoch = 1;
  arm.latest = now;
}

void ProgressBoard::count_step(std::size_t trial, std::int64_t step, std::int64_t total_steps,
                               double now) {
  ArmProgress& arm = arm_of(trial);
  const std::int64_t taken = step - steps_[trial];
  steps_[trial] = step;
  arm.steps += taken;
  arm.running_steps += taken;
  arm.steps_per_trial = total_steps;
  arm.latest = now;
}

void ProgressBoard::finish_epoch(std::size_t trial, const EpochRecord& epoch,
                                 std::int64_t total_epochs) {
  ArmProgress& arm = arm_of(trial);
  arm.epoch = std::min(epoch.epoch + 1, total_epochs);
  arm.epochs = total_epochs;
  arm.validation_accuracy = value_of(epoch.validation, "accuracy");
}

void ProgressBoard::end_trial(std::size_t trial, TrialStatus status, double now) {
  ArmProgress& arm = arm_of(trial);
  --arm.running;
  ++arm.ended;
  if (status == TrialStatus::diverged) ++arm.diverged;
  if (status == TrialStatus::failed) ++arm.failed;
  arm.running_steps -= steps_[trial];
  arm.latest = now;
}

void ProgressBoard::reuse_trial(std::size_t trial, const TrialRecord& record) {
  ArmProgress& arm = arm_of(trial);
  ++arm.ended;
  ++arm.reused;
  if (record.status == TrialStatus::diverged) ++arm.diverged;
  if (!record.epochs.empty())
    arm.validation_accuracy = value_of(record.epochs.back().validation, "accuracy");
}

}  // namespace normlab
