#pragma once

#include <cstdint>

#include "normlab/optim/options.h"

namespace normlab {

/// The learning rate of every step of a trial; formulas in ScheduleOptions.
class Schedule {
 public:
  Schedule(const ScheduleOptions& options, double lr, std::int64_t total_steps,
           std::int64_t steps_per_epoch);

  /// `step` counts from 0.
  double lr(std::int64_t step) const;

 private:
  double one_cycle(double share) const;
  std::int64_t milestones_reached(std::int64_t step) const;

  ScheduleOptions options_;
  double lr_;
  std::int64_t total_steps_;
  std::int64_t steps_per_epoch_;
  std::int64_t warmup_steps_;
};

}  // namespace normlab
