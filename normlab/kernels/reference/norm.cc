#include "normlab/kernels/reference/norm.h"

#include <cmath>

#include "normlab/kernels/reference/activation.h"

namespace normlab::reference {
namespace {

std::size_t index(std::int64_t c) {
  return static_cast<std::size_t>(c);
}

Table normalized(const Table& x, const Statistics& statistics, double eps) {
  const PerChannel inv_std = statistics.inv_std(eps);
  Table x_hat(x.rows, x.channels);
  for (std::int64_t r = 0; r < x.rows; ++r) {
    for (std::int64_t c = 0; c < x.channels; ++c) {
      x_hat.at(r, c) = (x.at(r, c) - statistics.mean[index(c)]) * inv_std[index(c)];
    }
  }
  return x_hat;
}

PerChannel sums_of_products(const Table& a, const Table& b) {
  Table product(a.rows, a.channels);
  for (std::size_t i = 0; i < a.values.size(); ++i) product.values[i] = a.values[i] * b.values[i];
  return column_sums(product);
}

/// `m`: the number of rows that the statistics came from; infinity for statistics that are
/// constants.
NormGradients backward(const Table& dy, const Table& x, const Statistics& statistics,
                       const PerChannel& gamma, double eps, double m) {
  const PerChannel inv_std = statistics.inv_std(eps);
  const Table x_hat = normalized(x, statistics, eps);
  NormGradients gradients{Table(x.rows, x.channels), sums_of_products(dy, x_hat), column_sums(dy)};
  for (std::int64_t r = 0; r < x.rows; ++r) {
    for (std::int64_t c = 0; c < x.channels; ++c) {
      gradients.dx.at(r, c) = gamma[index(c)] * inv_std[index(c)] *
                              (dy.at(r, c) - gradients.dbeta[index(c)] / m -
                               x_hat.at(r, c) * gradients.dgamma[index(c)] / m);
    }
  }
  return gradients;
}

}  // namespace

PerChannel Statistics::inv_std(double eps) const {
  PerChannel result;
  for (const double v : variance) result.push_back(1 / std::sqrt(v + eps));
  return result;
}

Statistics batch_statistics(const Table& x) {
  const auto m = static_cast<double>(x.rows);
  Statistics statistics{column_sums(x), PerChannel(index(x.channels))};
  for (double& mean : statistics.mean) mean /= m;
  for (std::int64_t c = 0; c < x.channels; ++c) {
    for (std::int64_t r = 0; r < x.rows; ++r) {
      const double deviation = x.at(r, c) - statistics.mean[index(c)];
      statistics.variance[index(c)] += deviation * deviation / m;
    }
  }
  return statistics;
}

Table batch_norm_forward(const Table& x, const Statistics& statistics, const PerChannel& gamma,
                         const PerChannel& beta, double eps) {
  Table y = normalized(x, statistics, eps);
  for (std::int64_t r = 0; r < x.rows; ++r) {
    for (std::int64_t c = 0; c < x.channels; ++c) {
      y.at(r, c) = gamma[index(c)] * y.at(r, c) + beta[index(c)];
    }
  }
  return y;
}

NormGradients batch_norm_backward_train(const Table& dy, const Table& x,
                                        const Statistics& statistics, const PerChannel& gamma,
                                        double eps) {
  return backward(dy, x, statistics, gamma, eps, static_cast<double>(x.rows));
}

NormGradients batch_norm_backward_eval(const Table& dy, const Table& x,
                                       const Statistics& statistics, const PerChannel& gamma,
                                       double eps) {
  return backward(dy, x, statistics, gamma, eps, HUGE_VAL);
}

}  // namespace normlab::reference
