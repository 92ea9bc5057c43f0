#include "normlab/lab/statistics_binomial.h"

#include <algorithm>
#include <cmath>

namespace normlab {
namespace {

/// P(X = successes), for 0 < probability < 1.
double probability_of(double successes, double trials, double probability) {
  const double ways =
      std::lgamma(trials + 1) - std::lgamma(successes + 1) - std::lgamma(trials - successes + 1);
  return std::exp(ways + successes * std::log(probability) +
                  (trials - successes) * std::log1p(-probability));
}

}  // namespace

double binomial_upper_tail(std::int64_t successes, std::int64_t trials, double probability) {
  if (successes == 0 || probability >= 1) return 1;
  if (probability <= 0) return 0;
  const auto n = static_cast<double>(trials);
  // Below the mean the first terms may be too small for a double.
  if (static_cast<double>(successes) <= n * probability) {
    return 1 - binomial_upper_tail(trials - successes + 1, trials, 1 - probability);
  }
  const double odds = probability / (1 - probability);
  double term = probability_of(static_cast<double>(successes), n, probability);
  double sum = 0;
  for (auto k = static_cast<double>(successes); k <= n; ++k) {
    sum += term;
    term *= (n - k) / (k + 1) * odds;
    if (term < sum * 1e-17) break;
  }
  return std::min(sum, 1.0);
}

}  // namespace normlab
