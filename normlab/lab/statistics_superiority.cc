#include "normlab/lab/statistics_superiority.h"

#include <cmath>

#include "normlab/lab/statistics_distributions.h"

namespace normlab {

Interval wilson_interval(double successes, double trials) {
  const double z = normal_quantile(0.975);
  const double share = successes / trials;
  const double middle = successes + z * z / 2;
  const double half = z * std::sqrt(trials * share * (1 - share) + z * z / 4);
  const double total = trials + z * z;
  // The ends that the formula puts at 0 and 1 must not miss them by rounding.
  return {successes == 0 ? 0 : (middle - half) / total,
          successes == trials ? 1 : (middle + half) / total};
}

Superiority superiority(std::span<const double> advantages) {
  double wins = 0;
  for (const double advantage : advantages) wins += advantage > 0 ? 1 : advantage == 0 ? 0.5 : 0;
  const auto pairs = static_cast<double>(advantages.size());
  return {wins / pairs, wilson_interval(wins, pairs)};
}

}  // namespace normlab
