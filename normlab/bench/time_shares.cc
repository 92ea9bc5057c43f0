#include "normlab/bench/time_shares.h"

#include <algorithm>
#include <functional>
#include <map>

namespace normlab::bench {

std::vector<std::pair<std::string, double>> by_kind(std::span<const TimeShare> shares) {
  std::map<std::string, double> sums;
  for (const TimeShare& share : shares) sums[share.kind] += share.both_ways();
  std::vector<std::pair<std::string, double>> sorted(sums.begin(), sums.end());
  std::ranges::sort(sorted, std::greater(), [](const auto& kind) { return kind.second; });
  return sorted;
}

}  // namespace normlab::bench
