#include "normlab/lab/statistics_weights.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace normlab {

double weighted_mean_above(std::span<const double> sorted, double at) {
  const auto split = std::ranges::upper_bound(sorted, at);
  const std::span<const double> low(sorted.begin(), split);
  const std::span<const double> high(split, sorted.end());
  if (high.empty()) return 0;
  // above[j]: the probability for the values from some low[i] up to high[j]. Without a low one it
  // is 1, without a high one 0.
  std::vector<double> above(high.size(), 1.0);
  for (std::size_t i = low.size(); i-- > 0;) {
    double shorter = 0;
    for (std::size_t j = 0; j < high.size(); ++j) {
      above[j] = ((high[j] - at) * above[j] + (at - low[i]) * shorter) / (high[j] - low[i]);
      shorter = above[j];
    }
  }
  return above.back();
}

}  // namespace normlab
