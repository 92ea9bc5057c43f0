#include "normlab/kernels/reference/optimizer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace normlab::reference {

void sgd_step(std::span<double> weights, std::span<double> velocity,
              std::span<const double> gradient, const kernels::SgdStep& step) {
  const double lr = step.lr;
  const double momentum = step.momentum;
  const double weight_decay = step.weight_decay;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double g =
        gradient[i] * static_cast<double>(step.gradient_scale) + weight_decay * weights[i];
    double direction = g;
    if (momentum != 0) {
      velocity[i] = step.first ? g : momentum * velocity[i] + g;
      direction = step.nesterov ? g + momentum * velocity[i] : velocity[i];
    }
    weights[i] -= lr * direction;
  }
}

void adam_step(std::span<double> weights, std::span<double> first_moment,
               std::span<double> second_moment, std::span<const double> gradient,
               const kernels::AdamStep& step) {
  const double lr = step.lr;
  const double eps = step.eps;
  const double weight_decay = step.weight_decay;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    double& m = first_moment[i];
    double& v = second_moment[i];
    double g = gradient[i] * static_cast<double>(step.gradient_scale);
    if (step.decoupled) {
      weights[i] -= lr * weight_decay * weights[i];
    } else {
      g += weight_decay * weights[i];
    }
    m += (1 - step.beta1) * (g - m);
    v = step.beta2 * v + (1 - step.beta2) * g * g;
    const double root = std::sqrt(std::max<double>(v, std::numeric_limits<float>::min()));
    weights[i] -= lr / step.correction1 * m / (root / std::sqrt(step.correction2) + eps);
  }
}

}  // namespace normlab::reference
