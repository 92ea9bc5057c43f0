#include "normlab/lab/statistics_power.h"

#include <algorithm>
#include <cmath>

#include "normlab/lab/statistics_distributions.h"

namespace normlab {
namespace {

constexpr double kPower = 0.8;
/// More pairs than anyone will run: keeps the count an integer for differences next to nothing.
constexpr double kMostPairs = 1e9;

}  // namespace

std::size_t pairs_for_significance(std::size_t tests) {
  std::size_t pairs = 1;
  double smallest_p = 1;
  while (smallest_p * static_cast<double>(tests) > kSignificance) {
    ++pairs;
    smallest_p /= 2;
  }
  return pairs;
}

std::size_t pairs_for_power(double mean, double sd, std::size_t tests) {
  const double z = normal_quantile(1 - kSignificance / 2 / static_cast<double>(tests));
  const double reach = (z + normal_quantile(kPower)) * sd / mean;
  const double pairs = std::ceil(std::min(kMostPairs, reach * reach + z * z / 2));
  return std::max(pairs_for_significance(tests), static_cast<std::size_t>(pairs));
}

}  // namespace normlab
