#include "normlab/lab/trial_queue.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <vector>

#include "normlab/lab/trial_order.h"

namespace normlab {
namespace {

/// How often to look whether another process has finished, or given up, a trial of ours.
constexpr std::chrono::milliseconds kLookInterval{100};

/// False when `stop` was requested meanwhile.
bool sleep_unless_stopped(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, kLookInterval, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace

TrialQueue::TrialQueue(const Study& study, const QueueOptions& options)
    : study_(study), ledger_(options.ledger), memory_(options.memory), needs_(study.trials.size()) {
  if (options.needs) std::ranges::transform(study.trials, needs_.begin(), options.needs);
  std::vector<double> costs;
  for (const TrialNeeds& needs : needs_) costs.push_back(needs.cost);
  const std::vector<std::size_t> order = trial_order(study, costs);
  waiting_.assign(order.begin(), order.end());
}

std::optional<TrialQueue::Turn> TrialQueue::next(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      const std::scoped_lock lock(mutex_);
      if (waiting_.empty()) return std::nullopt;
      if (std::optional<Turn> turn = take_any()) return turn;
    }
    if (!sleep_unless_stopped(stop)) break;
  }
  return std::nullopt;
}

std::optional<TrialQueue::Turn> TrialQueue::take_any() {
  for (auto place = waiting_.begin(); place != waiting_.end(); ++place) {
    if (std::optional<Turn> turn = take(*place)) {
      waiting_.erase(place);
      return turn;
    }
  }
  return std::nullopt;
}

void TrialQueue::end_turn(std::size_t trial) {
  const std::scoped_lock lock(mutex_);
  --running_;
  bytes_ -= needs_[trial].bytes;
}

bool TrialQueue::fits(std::size_t trial) const {
  return running_ == 0 || needs_[trial].bytes <= memory_ - bytes_;
}

std::optional<TrialQueue::Turn> TrialQueue::take(std::size_t index) {
  const Trial& trial = study_.trials[index];
  if (ledger_ != nullptr) {
    if (auto record = ledger_->find_finished(trial)) return Turn{index, std::move(record)};
  }
  if (!fits(index)) return std::nullopt;
  if (ledger_ != nullptr) {
    if (!ledger_->claim(trial)) return std::nullopt;
    // Somebody may have finished it between the look and the claim.
    if (auto record = ledger_->find_finished(trial)) {
      ledger_->abandon(trial);
      return Turn{index, std::move(record)};
    }
  }
  ++running_;
  bytes_ += needs_[index].bytes;
  return Turn{index, std::nullopt};
}

}  // namespace normlab
