#include "normlab/optim/schedule.h"

#include <cmath>
#include <numbers>

namespace normlab {
namespace {

/// From `start` to `end` along half a cosine.
double cosine(double start, double end, double share) {
  return end + (start - end) * (1 + std::cos(std::numbers::pi * share)) / 2;
}

}  // namespace

double Schedule::lr(std::int64_t step) const {
  const double share = static_cast<double>(step) / static_cast<double>(total_steps_);
  switch (options_.kind) {
    case ScheduleKind::constant:
      return lr_;
    case ScheduleKind::step: {
      const std::int64_t decays = step / steps_per_epoch_ / options_.every_epochs;
      return lr_ * std::pow(options_.factor, static_cast<double>(decays));
    }
    case ScheduleKind::cosine:
      return cosine(lr_, 0, share);
    case ScheduleKind::one_cycle:
      return one_cycle(share);
  }
  return lr_;
}

double Schedule::one_cycle(double share) const {
  constexpr double kWarmUp = 0.3;
  const double start = lr_ / 25;
  if (share < kWarmUp) return start + (lr_ - start) * (share / kWarmUp);
  return cosine(lr_, start / 1e4, (share - kWarmUp) / (1 - kWarmUp));
}

}  // namespace normlab
