#include "normlab/lab/statistics_survival.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace normlab {
namespace {

/// Products of fractions that should be one half miss it by rounding.
constexpr double kRounding = 1e-12;

}  // namespace

std::optional<double> kaplan_meier_median(std::span<const Duration> durations) {
  std::vector<Duration> sorted(durations.begin(), durations.end());
  std::ranges::sort(sorted, {}, &Duration::time);
  double waiting = 1;
  std::optional<double> half_since;
  for (std::size_t first = 0, next = 0; first < sorted.size(); first = next) {
    const double time = sorted[first].time;
    std::size_t arrived = 0;
    for (; next < sorted.size() && sorted[next].time == time; ++next) {
      arrived += sorted[next].arrived ? 1 : 0;
    }
    if (arrived == 0) continue;
    if (half_since) return (*half_since + time) / 2;
    waiting *= 1 - static_cast<double>(arrived) / static_cast<double>(sorted.size() - first);
    if (waiting < 0.5 - kRounding) return time;
    if (waiting <= 0.5 + kRounding) half_since = time;
  }
  return half_since;
}

}  // namespace normlab
