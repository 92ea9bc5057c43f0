#include "normlab/optim/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace normlab {
namespace {

/// From `start` to `end` along half a cosine.
double cosine(double start, double end, double share) {
  return end + (start - end) * (1 + std::cos(std::numbers::pi * share)) / 2;
}

}  // namespace

Schedule::Schedule(const ScheduleOptions& options, double lr, std::int64_t total_steps,
                   std::int64_t steps_per_epoch)
    : options_(options),
      lr_(lr),
      total_steps_(total_steps),
      steps_per_epoch_(steps_per_epoch),
      warmup_steps_(
          options.kind == ScheduleKind::one_cycle
              ? 0
              : std::llround(options.warmup_epochs * static_cast<double>(steps_per_epoch))) {}

double Schedule::lr(std::int64_t step) const {
  if (step < warmup_steps_)
    return lr_ * (static_cast<double>(step + 1) / static_cast<double>(warmup_steps_));
  const double share =
      static_cast<double>(step - warmup_steps_) / static_cast<double>(total_steps_ - warmup_steps_);
  switch (options_.kind) {
    case ScheduleKind::constant:
      return lr_;
    case ScheduleKind::step: {
      const std::int64_t decays = step / steps_per_epoch_ / options_.every_epochs;
      return lr_ * std::pow(options_.factor, static_cast<double>(decays));
    }
    case ScheduleKind::milestones:
      return lr_ * std::pow(options_.factor, static_cast<double>(milestones_reached(step)));
    case ScheduleKind::cosine:
      return cosine(lr_, lr_ * options_.end, share);
    case ScheduleKind::linear:
      return lr_ * (1 - (1 - options_.end) * share);
    case ScheduleKind::one_cycle:
      return one_cycle(share);
  }
  return lr_;
}

std::int64_t Schedule::milestones_reached(std::int64_t step) const {
  const std::int64_t epochs = step / steps_per_epoch_;
  return std::ranges::count_if(options_.milestones,
                               [&](std::int64_t epoch) { return epoch <= epochs; });
}

double Schedule::one_cycle(double share) const {
  constexpr double kWarmUp = 0.3;
  const double start = lr_ / 25;
  if (share < kWarmUp) return start + (lr_ - start) * (share / kWarmUp);
  return cosine(lr_, start / 1e4, (share - kWarmUp) / (1 - kWarmUp));
}

}  // namespace normlab
