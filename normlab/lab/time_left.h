#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "normlab/lab/trial.h"

namespace normlab {

/// When the last of `jobs` is done, if each takes the next of `waiting` as soon as it is free.
/// `running`: what the jobs under way have left. In the unit of the arguments.
double makespan(std::vector<double> running, std::span<const double> waiting, std::size_t jobs);

/// Estimates when a study will be done, from what its trials were expected to cost and how long
/// they take. Trials are named by their place in Study::trials; times are seconds on the caller's
/// clock. Not thread-safe.
///
/// Every arm has its own rate (seconds for a unit of cost), drawn towards the rate of all arms as
/// long as little of it was seen. What is left is dealt out to the jobs as the queue will do it
/// (lab/trial_order.h).
class TimeLeft {
 public:
  /// `costs`: of each trial, in any unit, > 0. `jobs`: trials at a time.
  TimeLeft(const Study& study, std::span<const double> costs, int jobs);

  void start_trial(std::size_t trial, double now);
  void count_step(std::size_t trial, std::int64_t step, std::int64_t total_steps, double now);
  void end_trial(std::size_t trial, double now);
  /// The trial has a result that took no time.
  void reuse_trial(std::size_t trial);

  /// Absent while nothing is known, and 0 when nothing is left.
  std::optional<double> seconds() const;
  /// Of the whole study's cost, in [0, 1].
  double share_done() const;

 private:
  enum class State { waiting, running, ended };
  struct Progress {
    std::size_t arm = 0;
    double cost = 0;
    State state = State::waiting;
    bool stepped = false;  ///< a first step was counted
    double resumed = 0;    ///< share that an earlier run had done
    double share = 0;      ///< done, that included
    double started = 0;
    double latest = 0;
  };
  /// What was seen so far.
  struct Seen {
    double cost = 0;
    double seconds = 0;
    void add(const Progress& trial);
  };

  Seen seen_of_all() const;
  std::vector<double> arm_rates(const Seen& all) const;

  std::vector<Progress> trials_;
  std::vector<std::size_t> order_;
  std::size_t arms_;
  std::size_t jobs_;
};

}  // namespace normlab
