#include "normlab/lab/trial_order.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>

namespace normlab {

std::vector<std::size_t> trial_order(const Study& study, std::span<const double> costs) {
  std::vector<std::vector<std::size_t>> seeds;
  std::map<std::uint64_t, std::size_t> place_of;
  for (std::size_t i = 0; i < study.trials.size(); ++i) {
    const auto [found, added] = place_of.emplace(study.trials[i].settings.seed, seeds.size());
    if (added) seeds.emplace_back();
    seeds[found->second].push_back(i);
  }
  std::vector<std::size_t> order;
  for (std::size_t seed = 0; seed < seeds.size(); ++seed) {
    std::vector<std::size_t>& trials = seeds[seed];
    if (seed % 2 == 1) std::ranges::reverse(trials);
    if (seed + 1 == seeds.size() && !costs.empty()) {
      std::ranges::stable_sort(trials, std::greater(), [&](std::size_t i) { return costs[i]; });
    }
    order.insert(order.end(), trials.begin(), trials.end());
  }
  return order;
}

}  // namespace normlab
