#include "normlab/lab/statistics_survival.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace normlab {
namespace {

/// Products of fractions that should be one half miss it by rounding.
constexpr double kRounding = 1e-12;

}  // namespace

std::vector<SurvivalStep> kaplan_meier_curve(std::span<const Duration> durations) {
  std::vector<Duration> sorted(durations.begin(), durations.end());
  std::ranges::sort(sorted, {}, &Duration::time);
  std::vector<SurvivalStep> curve;
  double waiting = 1;
  for (std::size_t first = 0, next = 0; first < sorted.size(); first = next) {
    const double time = sorted[first].time;
    std::size_t arrived = 0;
    for (; next < sorted.size() && sorted[next].time == time; ++next) {
      arrived += sorted[next].arrived ? 1 : 0;
    }
    if (arrived == 0) continue;
    waiting *= 1 - static_cast<double>(arrived) / static_cast<double>(sorted.size() - first);
    curve.push_back({time, waiting});
  }
  return curve;
}

std::optional<double> kaplan_meier_median(std::span<const Duration> durations) {
  std::optional<double> half_since;
  for (const auto& [time, waiting] : kaplan_meier_curve(durations)) {
    if (half_since) return (*half_since + time) / 2;
    if (waiting < 0.5 - kRounding) return time;
    if (waiting <= 0.5 + kRounding) half_since = time;
  }
  return half_since;
}

}  // namespace normlab
