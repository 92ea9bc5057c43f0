#include "normlab/bench/step_flops.h"

#include <algorithm>

namespace normlab::bench {

double step_flops(const NetworkSummary& summary, std::int64_t examples) {
  const auto first = std::find_if(summary.layers.begin(), summary.layers.end(),
                                  [](const LayerSummary& layer) { return layer.flops > 0; });
  const double without = first == summary.layers.end() ? 0 : first->flops;
  return static_cast<double>(examples) * (3 * summary.flops - without);
}

}  // namespace normlab::bench
