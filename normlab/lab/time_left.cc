#include "normlab/lab/time_left.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "normlab/lab/trial_order.h"

namespace normlab {
namespace {

/// An arm's own rate weighs as much as that of all arms once so much of one trial was seen.
constexpr double kTrialsToTrust = 0.1;

}  // namespace

double makespan(std::vector<double> running, std::span<const double> waiting, std::size_t jobs) {
  running.resize(std::max(jobs, running.size()), 0.0);
  // A heap whose front is the job that is free first.
  std::ranges::make_heap(running, std::greater());
  for (const double seconds : waiting) {
    std::ranges::pop_heap(running, std::greater());
    running.back() += seconds;
    std::ranges::push_heap(running, std::greater());
  }
  return std::ranges::max(running);
}

void TimeLeft::Seen::add(const Progress& trial) {
  cost += trial.cost * (trial.share - trial.resumed);
  seconds += trial.latest - trial.started;
}

TimeLeft::TimeLeft(const Study& study, std::span<const double> costs, int jobs)
    : trials_(study.trials.size()),
      order_(trial_order(study, costs)),
      arms_(study.arms.size()),
      jobs_(static_cast<std::size_t>(std::max(1, jobs))) {
  for (std::size_t i = 0; i < trials_.size(); ++i) {
    trials_[i].arm = study.trials[i].arm;
    trials_[i].cost = costs[i];
  }
}

void TimeLeft::start_trial(std::size_t trial, double now) {
  Progress& progress = trials_[trial];
  progress.state = State::running;
  progress.started = progress.latest = now;
}

void TimeLeft::count_step(std::size_t trial, std::int64_t step, std::int64_t total_steps,
                          double now) {
  Progress& progress = trials_[trial];
  const auto total = static_cast<double>(total_steps);
  if (!progress.stepped) progress.resumed = static_cast<double>(step - 1) / total;
  progress.stepped = true;
  progress.share = static_cast<double>(step) / total;
  progress.latest = now;
}

void TimeLeft::end_trial(std::size_t trial, double now) {
  trials_[trial].state = State::ended;
  trials_[trial].latest = now;
}

void TimeLeft::reuse_trial(std::size_t trial) {
  trials_[trial].state = State::ended;
  trials_[trial].resumed = trials_[trial].share;
}

TimeLeft::Seen TimeLeft::seen_of_all() const {
  Seen all;
  for (const Progress& trial : trials_) all.add(trial);
  return all;
}

std::vector<double> TimeLeft::arm_rates(const Seen& all) const {
  std::vector<Seen> seen(arms_);
  std::vector<double> trial_cost(arms_, 0.0);
  for (const Progress& trial : trials_) {
    seen[trial.arm].add(trial);
    trial_cost[trial.arm] = trial.cost;
  }
  const double common = all.seconds / all.cost;
  std::vector<double> rates(arms_, common);
  for (std::size_t arm = 0; arm < arms_; ++arm) {
    const double prior = kTrialsToTrust * trial_cost[arm];
    if (prior > 0) rates[arm] = (seen[arm].seconds + prior * common) / (seen[arm].cost + prior);
  }
  return rates;
}

std::optional<double> TimeLeft::seconds() const {
  const bool done =
      std::ranges::all_of(trials_, [](const Progress& p) { return p.state == State::ended; });
  if (done) return 0;
  const Seen all = seen_of_all();
  if (!(all.cost > 0 && all.seconds > 0)) return std::nullopt;
  const std::vector<double> rates = arm_rates(all);
  std::vector<double> running;
  std::vector<double> waiting;
  for (const std::size_t i : order_) {
    const Progress& trial = trials_[i];
    const double left = (1 - trial.share) * trial.cost * rates[trial.arm];
    if (trial.state == State::running) running.push_back(left);
    if (trial.state == State::waiting) waiting.push_back(left);
  }
  return makespan(std::move(running), waiting, jobs_);
}

double TimeLeft::share_done() const {
  double done = 0;
  double total = 0;
  for (const Progress& trial : trials_) {
    done += trial.cost * (trial.state == State::ended ? 1 : trial.share);
    total += trial.cost;
  }
  return total > 0 ? done / total : 0;
}

}  // namespace normlab
