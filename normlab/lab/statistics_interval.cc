#include "normlab/lab/statistics_interval.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "normlab/base/moments.h"
#include "normlab/lab/statistics_distributions.h"
#include "normlab/lab/statistics_weights.h"

namespace normlab {
namespace {

constexpr double kTail = 0.025;

double within(const Interval& range, double value) {
  return std::clamp(value, range.low, range.high);
}

Interval student(std::span<const double> values, const Domain& domain) {
  const Moments moments = moments_of(values);
  const double spread = std::max(moments.standard_deviation(), domain.resolution / std::sqrt(12.0));
  const double reach =
      student_two_sided(1 - 2 * kTail, values.size() - 1) * spread / std::sqrt(moments.count);
  return {within(domain.range, moments.mean - reach), within(domain.range, moments.mean + reach)};
}

/// The values with one more that was not seen, below all or above all.
struct WithUnseen {
  std::vector<double> lower;
  std::vector<double> higher;

  WithUnseen(std::span<const double> sorted, const Interval& range)
      : lower(sorted.begin(), sorted.end()), higher(lower) {
    const std::size_t last = sorted.size() - 1;
    lower.insert(lower.begin(), within(range, 2 * sorted[0] - sorted[1]));
    higher.push_back(within(range, 2 * sorted[last] - sorted[last - 1]));
  }

  /// P(weighted mean > at), the unseen value being as likely the lower as the higher.
  double operator()(double at) const {
    return (weighted_mean_above(lower, at) + weighted_mean_above(higher, at)) / 2;
  }
};

}  // namespace

std::optional<Interval> mean_interval(std::span<const double> values, const Domain& domain) {
  if (values.size() < 2) return std::nullopt;
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const WithUnseen above(sorted, domain.range);
  Interval ends = student(sorted, domain);
  // Most often Student's end is the farther: no quantile has to be sought.
  if (above(ends.low) < 1 - kTail) {
    ends.low = crossing(above, 1 - kTail, above.lower.front(), ends.low);
  }
  if (above(ends.high) > kTail) {
    ends.high = crossing(above, kTail, ends.high, above.higher.back());
  }
  return ends;
}

Interval share_interval(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const auto quantile = [](const std::vector<double>& knots, double level) {
    return crossing([&](double at) { return weighted_mean_above(knots, at); }, level, knots.front(),
                    knots.back());
  };
  std::vector<double> with_one = sorted;
  with_one.push_back(1);
  sorted.insert(sorted.begin(), 0);
  return {quantile(sorted, 1 - kTail), quantile(with_one, kTail)};
}

}  // namespace normlab
