#include "normlab/train/majority.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace normlab {

double majority_share(const ImageSet& set, std::span<const std::uint32_t> images) {
  if (images.empty()) return 0;
  std::vector<std::int64_t> counts;
  for (const std::uint32_t image : images) {
    const std::size_t label = set.labels[image];
    if (label >= counts.size()) counts.resize(label + 1);
    ++counts[label];
  }
  return static_cast<double>(std::ranges::max(counts)) / static_cast<double>(images.size());
}

}  // namespace normlab
