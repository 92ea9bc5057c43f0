#pragma once

#include <optional>
#include <span>
#include <vector>

namespace normlab {

/// How long one subject was watched, and whether what it waited for came at the end of that time.
/// Infinite when it is known never to come.
struct Duration {
  double time = 0;
  bool arrived = false;
};

/// From `time` on, `waiting` is the estimated share that still waits.
struct SurvivalStep {
  double time = 0;
  double waiting = 0;
};

/// The Kaplan-Meier estimate (Kaplan & Meier 1958) of the share still waiting: one step at each
/// time of an arrival, ascending; before the first it is 1. A subject that was censored at a time
/// counts as still waiting for an arrival at the same time.
std::vector<SurvivalStep> kaplan_meier_curve(std::span<const Duration> durations);

/// The median of kaplan_meier_curve(): the first time by which the estimated share still waiting is
/// below one half. When that share is exactly one half for a while, the middle of the
/// while, as the median of an even number of times is; its beginning when it has no end. Absent
/// when more than half are still waiting at the end, or there are no subjects.
std::optional<double> kaplan_meier_median(std::span<const Duration> durations);

}  // namespace normlab
