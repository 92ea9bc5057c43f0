#include <algorithm>
#include <cmath>
#include <cstddef>

#include "candidates.h"

#include "normlab/base/moments.h"
#include "normlab/lab/statistics_interval.h"

namespace normlab {
namespace {

constexpr double kTail = 0.025;

/// The values as shares of the way from the domain's low end to its high one, ascending.
std::vector<double> scaled(std::span<const double> values, const Interval& range) {
  std::vector<double> shares;
  for (const double value : values) {
    shares.push_back((value - range.low) / (range.high - range.low));
  }
  return shares;
}

Interval unscaled(const Interval& shares, const Interval& range) {
  const double length = range.high - range.low;
  return {range.low + length * shares.low, range.low + length * shares.high};
}

/// Learned-Miller & Thomas 2019; never longer than that of Phan, Thomas & Learned-Miller 2021.
Interval exact_weights(std::span<const double> values, const Domain& domain) {
  return unscaled(share_interval(scaled(values, domain.range)), domain.range);
}

/// Anderson 1969, "Confidence limits for the expected value of an arbitrary bounded random
/// variable", with Massart's band: a share of the weight moves from one end of the sample to the
/// other end of the domain.
double anderson_low(std::vector<double> shares) {
  std::ranges::sort(shares);
  const auto n = static_cast<double>(shares.size());
  double moved = std::min(1.0, std::sqrt(std::log(1 / kTail) / (2 * n)));
  double mean = 0;
  for (std::size_t i = shares.size(); i-- > 0;) {
    const double taken = std::min(moved, 1 / n);
    moved -= taken;
    mean += (1 / n - taken) * shares[i];
  }
  return mean;
}

Interval anderson(std::span<const double> values, const Domain& domain) {
  std::vector<double> shares = scaled(values, domain.range);
  const double low = anderson_low(shares);
  for (double& share : shares) share = 1 - share;
  return unscaled({low, 1 - anderson_low(shares)}, domain.range);
}

/// Maurer & Pontil 2009, "Empirical Bernstein bounds and sample variance penalization", theorem 4.
Interval empirical_bernstein(std::span<const double> values, const Domain& domain) {
  const Moments moments = moments_of(scaled(values, domain.range));
  const double risk = std::log(2 / kTail);
  const double reach = std::sqrt(2 * moments.unbiased_variance() * risk / moments.count) +
                       7 * risk / (3 * (moments.count - 1));
  return unscaled({moments.mean - reach, moments.mean + reach}, domain.range);
}

/// The log capital that bets on a mean above `mean` have made (Waudby-Smith & Ramdas 2024,
/// "Estimating means of bounded random variables by betting", predictable plug-in, c = 1/2).
double log_capital(std::span<const double> shares, double mean) {
  const auto n = static_cast<double>(shares.size());
  double log_capital = 0;
  double sum = 0.5;
  double squares = 0.25;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const auto seen = static_cast<double>(i + 1);
    const double stake = std::sqrt(2 * std::log(1 / kTail) / (squares / seen * n));
    log_capital += std::log1p(std::min(stake, 0.5 / mean) * (shares[i] - mean));
    sum += shares[i];
    squares += std::pow(shares[i] - sum / (seen + 1), 2);
  }
  return log_capital;
}

double betting_low(std::span<const double> shares) {
  double out = 0;
  double in = 1;
  for (int halving = 0; halving < 40; ++halving) {
    const double middle = (out + in) / 2;
    (log_capital(shares, middle) > std::log(1 / kTail) ? out : in) = middle;
  }
  return out;
}

Interval betting(std::span<const double> values, const Domain& domain) {
  std::vector<double> shares = scaled(values, domain.range);
  const double low = betting_low(shares);
  for (double& share : shares) share = 1 - share;
  return unscaled({low, 1 - betting_low(shares)}, domain.range);
}

}  // namespace

std::vector<Candidate> bounded_candidates() {
  return {{"exact, by weights", exact_weights, true},
          {"Anderson", anderson, true},
          {"empirical Bernstein", empirical_bernstein, true},
          {"betting", betting, true}};
}

}  // namespace normlab
