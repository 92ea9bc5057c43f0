#include "normlab/lab/statistics_distributions.h"

#include <cmath>
#include <numbers>

namespace normlab {
namespace {

/// P(|T| <= sqrt(degrees) * tan(angle)): the finite series of Abramowitz & Stegun 26.7.3 (odd)
/// and 26.7.4 (even).
double student_coverage(double angle, std::size_t degrees) {
  const double cosine_squared = std::cos(angle) * std::cos(angle);
  const bool odd = degrees % 2 == 1;
  double term = odd ? std::cos(angle) : 1;
  double series = degrees == 1 ? 0 : term;
  for (std::size_t k = odd ? 3 : 2; k < degrees; k += 2) {
    const auto divisor = static_cast<double>(k);
    term *= cosine_squared * (divisor - 1) / divisor;
    series += term;
  }
  const double sum = std::sin(angle) * series;
  return odd ? 2 / std::numbers::pi * (angle + sum) : sum;
}

/// Abramowitz & Stegun 26.2.23: the upper quantile of a tail p <= 0.5, within 4.5e-4.
double rough_upper_quantile(double tail) {
  const double t = std::sqrt(-2 * std::log(tail));
  return t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                 (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}

}  // namespace

double normal_cdf(double z) {
  return std::erfc(-z / std::numbers::sqrt2) / 2;
}

double normal_quantile(double p) {
  const double tail = p < 0.5 ? p : 1 - p;
  double z = -rough_upper_quantile(tail);
  // Each Halley step cubes the error: 4.5e-4, then 1e-10, then rounding.
  for (int step = 0; step < 2; ++step) {
    const double density = std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
    const double newton = (normal_cdf(z) - tail) / density;
    z -= newton / (1 + z * newton / 2);
  }
  return p < 0.5 ? z : -z;
}

double student_two_sided(double coverage, std::size_t degrees) {
  double low = 0;
  double high = std::numbers::pi / 2;
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = (low + high) / 2;
    (student_coverage(middle, degrees) < coverage ? low : high) = middle;
  }
  return std::sqrt(static_cast<double>(degrees)) * std::tan(high);
}

}  // namespace normlab
