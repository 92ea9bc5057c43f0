#include "normlab/lab/threshold.h"

#include <cmath>
#include <vector>

#include "normlab/base/moments.h"
#include "normlab/lab/learning.h"
#include "normlab/lab/metric_value.h"

namespace normlab {

std::optional<double> ending_accuracy(std::span<const TrialResult* const> arm) {
  // Lets a mean of 0.97 that rounding left just below be 97 %.
  constexpr double kRounding = 1e-9;
  std::vector<double> accuracies;
  for (const TrialResult* result : arm) {
    if (!counts_as_trained(learning_of(result->record))) continue;
    const auto value = metric_value(*result, Metric::validation_accuracy, std::nullopt);
    if (value) accuracies.push_back(*value);
  }
  if (accuracies.empty()) return std::nullopt;
  const double percent = std::floor(moments_of(accuracies).mean * 100 + kRounding);
  return percent > 0 ? std::optional(percent / 100) : std::nullopt;
}

}  // namespace normlab
