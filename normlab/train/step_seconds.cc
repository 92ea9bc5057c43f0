#include "normlab/train/step_seconds.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace normlab {
namespace {

constexpr std::size_t kFirstSteps = 10;

}  // namespace

std::optional<double> typical_step_seconds(std::span<const float> seconds) {
  if (seconds.empty()) return std::nullopt;
  const auto later = seconds.subspan(std::min(kFirstSteps, seconds.size() / 2));
  std::vector<float> sorted(later.begin(), later.end());
  std::ranges::sort(sorted);
  const std::size_t middle = sorted.size() / 2;
  const double upper = static_cast<double>(sorted[middle]);
  return sorted.size() % 2 == 1 ? upper : (static_cast<double>(sorted[middle - 1]) + upper) / 2;
}

}  // namespace normlab
