#include "normlab/lab/statistics_trimmed.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "normlab/base/moments.h"

namespace normlab {

double interquartile_mean(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const std::size_t cut = sorted.size() / 4;
  return moments_of(std::span(sorted).subspan(cut, sorted.size() - 2 * cut)).mean;
}

}  // namespace normlab
