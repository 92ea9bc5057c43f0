#include "normlab/kernels/reference/activation.h"

#include <cmath>
#include <numbers>

namespace normlab::reference {
namespace {

double normal_cdf(double x) {
  return std::erfc(-x / std::numbers::sqrt2) / 2;
}
double normal_density(double x) {
  return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
}
double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

}  // namespace

double activation(const Activation& activation, double x) {
  switch (activation.kind) {
    case ActivationKind::identity:
      return x;
    case ActivationKind::relu:
      return x < 0 ? 0 : x;
    case ActivationKind::leaky_relu:
      return x < 0 ? static_cast<double>(activation.negative_slope) * x : x;
    case ActivationKind::sigmoid:
      return sigmoid(x);
    case ActivationKind::tanh:
      return std::tanh(x);
    case ActivationKind::gelu:
      return x * normal_cdf(x);
  }
  return NAN;
}

double activation_derivative(const Activation& activation, double x) {
  switch (activation.kind) {
    case ActivationKind::identity:
      return 1;
    case ActivationKind::relu:
      return x > 0 ? 1 : 0;
    case ActivationKind::leaky_relu:
      return x > 0 ? 1 : static_cast<double>(activation.negative_slope);
    case ActivationKind::sigmoid:
      return sigmoid(x) * sigmoid(-x);
    case ActivationKind::tanh:
      return 1 - std::tanh(x) * std::tanh(x);
    case ActivationKind::gelu:
      return normal_cdf(x) + x * normal_density(x);
  }
  return NAN;
}

Table activation_forward(const Table& x, const Activation& activation) {
  Table y = x;
  for (double& value : y.values) value = reference::activation(activation, value);
  return y;
}

Table activation_backward(const Table& dy, const Table& x, const Activation& activation) {
  Table dx = dy;
  for (std::size_t i = 0; i < dx.values.size(); ++i) {
    dx.values[i] *= activation_derivative(activation, x.values[i]);
  }
  return dx;
}

Table add_bias(const Table& x, const PerChannel& bias) {
  Table sum = x;
  for (std::int64_t r = 0; r < x.rows; ++r) {
    for (std::int64_t c = 0; c < x.channels; ++c) sum.at(r, c) += bias[static_cast<std::size_t>(c)];
  }
  return sum;
}

PerChannel column_sums(const Table& x) {
  PerChannel sums(static_cast<std::size_t>(x.channels));
  for (std::int64_t r = 0; r < x.rows; ++r) {
    for (std::int64_t c = 0; c < x.channels; ++c) sums[static_cast<std::size_t>(c)] += x.at(r, c);
  }
  return sums;
}

}  // namespace normlab::reference
