#include "candidates.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "normlab/base/moments.h"
#include "normlab/base/philox.h"
#include "normlab/lab/statistics_distributions.h"
#include "normlab/lab/statistics_interval.h"

namespace normlab {
namespace {

constexpr double kTail = 0.025;
constexpr std::size_t kResamples = 999;

Interval laboratory(std::span<const double> values, const Domain& domain) {
  return *mean_interval(values, domain);
}

double standard_error(const Moments& moments) {
  return moments.standard_deviation() / std::sqrt(moments.count);
}

double student_quantile(std::size_t n) {
  return student_two_sided(1 - 2 * kTail, n - 1);
}

Interval student(std::span<const double> values, const Domain&) {
  const Moments moments = moments_of(values);
  const double reach = student_quantile(values.size()) * standard_error(moments);
  return {moments.mean - reach, moments.mean + reach};
}

/// The mean of the cubed deviations.
double third_moment(std::span<const double> values, double mean) {
  double sum = 0;
  for (const double value : values) sum += std::pow(value - mean, 3);
  return sum / static_cast<double>(values.size());
}

/// Johnson 1978, "Modified t tests and confidence intervals for asymmetrical populations", with the
/// quadratic term taken at the ends.
Interval johnson(std::span<const double> values, const Domain& domain) {
  Interval interval = student(values, domain);
  const Moments moments = moments_of(values);
  const double variance = moments.unbiased_variance();
  if (variance == 0) return interval;
  const double t = student_quantile(values.size());
  const double shift =
      third_moment(values, moments.mean) / (variance * moments.count) * (1.0 / 6 + t * t / 3);
  return {interval.low + shift, interval.high + shift};
}

struct Resample {
  double mean;            ///< minus the sample's
  double standard_error;  ///< 0 when all drawn are alike
};

std::vector<Resample> resamples(std::span<const double> values) {
  const double mean = moments_of(values).mean;
  const auto n = static_cast<std::uint32_t>(values.size());
  Philox random(1987, Purpose::test, 0);
  std::vector<Resample> drawn(kResamples);
  for (Resample& one : drawn) {
    double sum = 0;
    double squares = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      const double deviation = values[random.below(n)] - mean;
      sum += deviation;
      squares += deviation * deviation;
    }
    const double m2 = squares - sum * sum / n;
    one = {sum / n, m2 > 1e-12 * squares ? std::sqrt(m2 / (n - 1) / n) : 0};
  }
  return drawn;
}

/// Order statistic k of 999 at share k / 1000.
double quantile(std::vector<double>& values, double share) {
  const double place = std::clamp(share * (kResamples + 1) - 1, 0.0, double{kResamples - 1});
  const auto at = values.begin() + std::lround(place);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

std::vector<double> resampled_means(std::span<const double> values) {
  std::vector<double> means;
  for (const Resample& one : resamples(values)) means.push_back(one.mean);
  return means;
}

Interval percentile_bootstrap(std::span<const double> values, const Domain&) {
  const double mean = moments_of(values).mean;
  std::vector<double> means = resampled_means(values);
  return {mean + quantile(means, kTail), mean + quantile(means, 1 - kTail)};
}

/// Efron 1987, "Better bootstrap confidence intervals".
Interval bca_bootstrap(std::span<const double> values, const Domain&) {
  const Moments moments = moments_of(values);
  std::vector<double> means = resampled_means(values);
  const double rounding = 1e-12 * std::sqrt(moments.m2);
  double below = 0;
  for (const double mean : means) below += mean < -rounding ? 1 : mean <= rounding ? 0.5 : 0;
  const double bias = normal_quantile(std::clamp(below / kResamples, 0.001, 0.999));
  const double acceleration = moments.m2 == 0 ? 0
                                              : third_moment(values, moments.mean) * moments.count /
                                                    (6 * std::pow(moments.m2, 1.5));
  const auto end = [&](double z) {
    const double shifted = bias + z;
    return moments.mean +
           quantile(means, normal_cdf(bias + shifted / (1 - acceleration * shifted)));
  };
  const double z = normal_quantile(1 - kTail);
  return {end(-z), end(z)};
}

/// Hall 1988, "Theoretical comparison of bootstrap confidence intervals".
Interval studentized_bootstrap(std::span<const double> values, const Domain&) {
  const Moments moments = moments_of(values);
  std::vector<double> ratios;
  for (const Resample& one : resamples(values)) {
    const double unlike = std::copysign(std::numeric_limits<double>::infinity(), one.mean);
    ratios.push_back(one.standard_error > 0 ? one.mean / one.standard_error
                     : one.mean == 0        ? 0
                                            : unlike);
  }
  const double scale = standard_error(moments);
  if (scale == 0) return {moments.mean, moments.mean};
  return {moments.mean - quantile(ratios, 1 - kTail) * scale,
          moments.mean - quantile(ratios, kTail) * scale};
}

/// -2 log of the empirical likelihood ratio at `mean` (Owen 1988), between the extreme values.
double likelihood_ratio(std::span<const double> values, double mean) {
  const auto [least, most] = std::ranges::minmax(values);
  double low = -1 / (most - mean);
  double high = 1 / (mean - least);
  const auto slope = [&](double multiplier) {
    double sum = 0;
    for (const double value : values) sum += (value - mean) / (1 + multiplier * (value - mean));
    return sum;
  };
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = (low + high) / 2;
    (slope(middle) > 0 ? low : high) = middle;
  }
  double ratio = 0;
  for (const double value : values) ratio += std::log1p((low + high) / 2 * (value - mean));
  return 2 * ratio;
}

/// Owen 1990, "Empirical likelihood ratio confidence regions", calibrated by Student's quantile.
Interval empirical_likelihood(std::span<const double> values, const Domain&) {
  const double mean = moments_of(values).mean;
  const auto [least, most] = std::ranges::minmax(values);
  const double limit = std::pow(student_quantile(values.size()), 2);
  const auto end = [&](double outside) {
    double inside = mean;
    for (int halving = 0; halving < 40; ++halving) {
      const double middle = (inside + outside) / 2;
      (likelihood_ratio(values, middle) < limit ? inside : outside) = middle;
    }
    return inside;
  };
  return {end(least), end(most)};
}

}  // namespace

std::vector<Candidate> candidates() {
  std::vector<Candidate> all = {{"this laboratory's", laboratory},
                                {"Student's t", student},
                                {"Johnson's t", johnson},
                                {"percentile bootstrap", percentile_bootstrap},
                                {"BCa bootstrap", bca_bootstrap},
                                {"studentized bootstrap", studentized_bootstrap},
                                {"empirical likelihood", empirical_likelihood}};
  const std::vector<Candidate> bounded = bounded_candidates();
  all.insert(all.end(), bounded.begin(), bounded.end());
  return all;
}

}  // namespace normlab
