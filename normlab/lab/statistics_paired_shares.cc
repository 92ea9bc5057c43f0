#include "normlab/lab/statistics_paired_shares.h"

#include <algorithm>
#include <cmath>

#include "normlab/lab/statistics_distributions.h"

namespace normlab {
namespace {

/// The Wilson score interval, nominally 95 %, of a share (Wilson 1927; Newcombe 1998, method 3).
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

double correlation(const PairCounts& counts) {
  const auto both = static_cast<double>(counts.both);
  const auto first_only = static_cast<double>(counts.first_only);
  const auto second_only = static_cast<double>(counts.second_only);
  const auto neither = static_cast<double>(counts.neither);
  const double margins =
      (both + first_only) * (second_only + neither) * (both + second_only) * (first_only + neither);
  if (margins == 0) return 0;
  const double product = both * neither - first_only * second_only;
  const double corrected =
      product > 0 ? std::max(product - static_cast<double>(counts.total()) / 2, 0.0) : product;
  return corrected / std::sqrt(margins);
}

}  // namespace

double PairCounts::difference() const {
  return (static_cast<double>(first_only) - static_cast<double>(second_only)) /
         static_cast<double>(total());
}

Interval paired_share_interval(const PairCounts& counts) {
  const auto total = static_cast<double>(counts.total());
  const auto first = static_cast<double>(counts.first());
  const auto second = static_cast<double>(counts.second());
  const Interval of_first = wilson_interval(first, total);
  const Interval of_second = wilson_interval(second, total);
  const double phi = correlation(counts);
  const auto reach = [phi](double a, double b) {
    return std::sqrt(std::max(0.0, a * a - 2 * phi * a * b + b * b));
  };
  const double difference = counts.difference();
  const double below = reach(first / total - of_first.low, of_second.high - second / total);
  const double above = reach(of_first.high - first / total, second / total - of_second.low);
  return {std::max(-1.0, difference - below), std::min(1.0, difference + above)};
}

}  // namespace normlab
