#include "normlab/lab/statistics_superiority.h"

#include <numeric>
#include <vector>

#include "normlab/lab/statistics_interval.h"

namespace normlab {

Superiority superiority(std::span<const double> advantages) {
  std::vector<double> wins;
  for (const double advantage : advantages) {
    wins.push_back(advantage > 0 ? 1 : advantage == 0 ? 0.5 : 0);
  }
  const double won = std::accumulate(wins.begin(), wins.end(), 0.0);
  return {won / static_cast<double>(wins.size()), share_interval(wins)};
}

}  // namespace normlab
