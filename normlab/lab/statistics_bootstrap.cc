#include "normlab/lab/statistics_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "normlab/base/moments.h"
#include "normlab/base/philox.h"
#include "normlab/lab/statistics_distributions.h"

namespace normlab {
namespace {

constexpr double kTail = 0.025;
constexpr std::uint64_t kSeed = 1987;

/// The values as deviations from their mean, whose sums lose nothing to a large common offset.
struct Sample {
  double mean = 0;
  double standard_error = 0;
  std::vector<double> deviations;
};

/// Whether the values differ by no more than rounding.
bool all_equal(std::span<const double> values) {
  const auto [low, high] = std::ranges::minmax(values);
  return high - low <= 1e-13 * std::max(std::abs(low), std::abs(high));
}

/// Nothing when an interval is not to be resampled: fewer than two values, or no spread at all.
std::optional<Sample> spread_of(std::span<const double> values) {
  if (values.size() < 2 || all_equal(values)) return std::nullopt;
  const Moments moments = moments_of(values);
  Sample sample{moments.mean, moments.standard_deviation() / std::sqrt(moments.count), {}};
  for (const double value : values) sample.deviations.push_back(value - moments.mean);
  return sample;
}

std::optional<Interval> without_spread(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  return Interval{values[0], values[0]};
}

/// `statistic(sum, sum of squares)` of the deviations in each resample.
template <class Statistic>
std::vector<double> resample(const Sample& sample, std::size_t resamples,
                             const Statistic& statistic) {
  Philox random(kSeed, Purpose::bootstrap, 0);
  const std::vector<double>& deviations = sample.deviations;
  const auto n = static_cast<std::uint32_t>(deviations.size());
  std::vector<double> results(resamples);
  for (double& result : results) {
    double sum = 0;
    double squares = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      const double deviation = deviations[random.below(n)];
      sum += deviation;
      squares += deviation * deviation;
    }
    result = statistic(sum, squares);
  }
  return results;
}

/// The quantile at `share`, linear between the order statistics at k / (count + 1). Reorders
/// `values`.
double quantile(std::vector<double>& values, double share) {
  const auto last = static_cast<double>(values.size() - 1);
  const double position = std::clamp(share * (last + 2) - 1, 0.0, last);
  const auto below = values.begin() + static_cast<std::ptrdiff_t>(position);
  std::nth_element(values.begin(), below, values.end());
  const double fraction = position - std::floor(position);
  if (fraction == 0) return *below;
  const double above = *std::min_element(below + 1, values.end());
  return *below + fraction * (above - *below);
}

/// A sum this small is rounding of zero.
double rounding_of(const Sample& sample) {
  double size = 0;
  for (const double deviation : sample.deviations) size += std::abs(deviation);
  return 1e-13 * size;
}

/// z of the share of resampled means below the mean.
double bias_correction(const std::vector<double>& means, double rounding) {
  double below = 0;
  for (const double mean : means) below += mean < -rounding ? 1 : mean <= rounding ? 0.5 : 0;
  const auto count = static_cast<double>(means.size());
  return normal_quantile(std::clamp(below / count, 1 / (count + 1), count / (count + 1)));
}

double jackknife_acceleration(const Sample& sample) {
  double squares = 0;
  double cubes = 0;
  for (const double deviation : sample.deviations) {
    squares += deviation * deviation;
    cubes += deviation * deviation * deviation;
  }
  return cubes / (6 * squares * std::sqrt(squares));
}

/// The BCa interval of the mean of the deviations: how far its ends lie from the mean.
Interval bca_reach(const Sample& sample, std::size_t resamples) {
  const auto n = static_cast<double>(sample.deviations.size());
  std::vector<double> means =
      resample(sample, resamples, [n](double sum, double) { return sum / n; });
  const double bias = bias_correction(means, rounding_of(sample) / n);
  const double acceleration = jackknife_acceleration(sample);
  // |acceleration| < 1/6 for any values, and |shifted| < 6: the denominator stays positive.
  const auto end = [&](double z) {
    const double shifted = bias + z;
    return quantile(means, normal_cdf(bias + shifted / (1 - acceleration * shifted)));
  };
  const double z = normal_quantile(1 - kTail);
  return {end(-z), end(z)};
}

/// How much wider the spread of n values is than the spread of resamples drawn from them.
double lost_degree(std::size_t n) {
  return std::sqrt(static_cast<double>(n) / static_cast<double>(n - 1));
}

Interval lengthened_bca(const Sample& sample, std::size_t resamples) {
  const std::size_t n = sample.deviations.size();
  const double student = student_two_sided(1 - 2 * kTail, n - 1);
  const double factor = lost_degree(n) * student / normal_quantile(1 - kTail);
  const Interval reach = bca_reach(sample, resamples);
  return {sample.mean + factor * reach.low, sample.mean + factor * reach.high};
}

Interval studentized(const Sample& sample, std::size_t resamples) {
  const auto n = static_cast<double>(sample.deviations.size());
  std::vector<double> ratios = resample(sample, resamples, [n](double sum, double squares) {
    // All drawn alike leaves a rounding error for a variance: no spread, an infinite ratio.
    const double m2 = squares - sum * sum / n;
    return sum / n / std::sqrt(m2 > 1e-12 * squares ? m2 / (n - 1) / n : 0);
  });
  const double high = quantile(ratios, 1 - kTail);
  const double low = quantile(ratios, kTail);
  const double scale = lost_degree(sample.deviations.size()) * sample.standard_error;
  return {sample.mean - high * scale, sample.mean - low * scale};
}

}  // namespace

std::optional<Interval> bca_interval(std::span<const double> values, std::size_t resamples) {
  const std::optional<Sample> sample = spread_of(values);
  if (!sample) return without_spread(values);
  const Interval reach = bca_reach(*sample, resamples);
  return Interval{sample->mean + reach.low, sample->mean + reach.high};
}

std::optional<Interval> mean_interval(std::span<const double> values, std::size_t resamples) {
  const std::optional<Sample> sample = spread_of(values);
  if (!sample) return without_spread(values);
  if (values.size() >= kStudentizedFrom) {
    const Interval interval = studentized(*sample, resamples);
    if (std::isfinite(interval.low) && std::isfinite(interval.high)) return interval;
  }
  return lengthened_bca(*sample, resamples);
}

}  // namespace normlab
