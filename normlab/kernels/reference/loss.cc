#include "normlab/kernels/reference/loss.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace normlab::reference {
namespace {

bool is_correct(std::span<const double> logits, std::size_t label) {
  const bool has_nan =
      std::any_of(logits.begin(), logits.end(), [](double z) { return std::isnan(z); });
  const auto largest = std::max_element(logits.begin(), logits.end());  // the first of equal ones
  return !has_nan && largest - logits.begin() == static_cast<std::ptrdiff_t>(label);
}

double target(std::size_t c, std::size_t label, double smoothing, std::size_t classes) {
  return (c == label ? 1 - smoothing : 0) + smoothing / static_cast<double>(classes);
}

}  // namespace

kernels::LossSums softmax_cross_entropy(std::span<double> gradient, std::span<const double> logits,
                                        std::span<const Label> labels, double smoothing,
                                        double gradient_scale) {
  const std::size_t classes = logits.size() / labels.size();
  kernels::LossSums sums;
  for (std::size_t r = 0; r < labels.size(); ++r) {
    const std::span<const double> row = logits.subspan(r * classes, classes);
    const bool finite =
        std::all_of(row.begin(), row.end(), [](double z) { return std::isfinite(z); });
    const double largest = *std::max_element(row.begin(), row.end());
    double exp_sum = finite ? 0 : std::numeric_limits<double>::quiet_NaN();
    for (const double z : row) exp_sum += std::exp(z - largest);
    for (std::size_t c = 0; c < classes; ++c) {
      const double wanted = target(c, labels[r], smoothing, classes);
      const double log_softmax = row[c] - largest - std::log(exp_sum);
      sums.loss -= wanted * log_softmax;
      gradient[r * classes + c] = (std::exp(log_softmax) - wanted) * gradient_scale;
    }
    sums.correct += is_correct(row, labels[r]) ? 1 : 0;
  }
  return sums;
}

}  // namespace normlab::reference
