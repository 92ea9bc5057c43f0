#pragma once

#include <cstddef>

namespace normlab::kernels {

/// One step of stochastic gradient descent over `count` parameters, PyTorch's SGD:
///   g += weight_decay * w
///   v = first ? g : momentum * v + g
///   w -= lr * (nesterov ? g + momentum * v : v)
/// With momentum = 0 `velocity` is neither read nor written and may be null.
struct SgdStep {
  float lr = 0;
  float momentum = 0;
  float weight_decay = 0;
  bool nesterov = false;
  bool first = false;        ///< the velocity holds nothing yet
  float gradient_scale = 1;  ///< multiplies the gradient first (clipping)
};
void sgd_step(float* weights, float* velocity, const float* gradient, std::size_t count,
              const SgdStep& step);

/// One step of Adam (Kingma & Ba 2015, algorithm 1, in PyTorch's arrangement) or AdamW (Loshchilov
/// & Hutter 2019):
///   decoupled ? w -= lr * weight_decay * w : g += weight_decay * w
///   m += (1 - beta1) * (g - m);  v = beta2 * v + (1 - beta2) * g^2
///   w -= lr / correction1 * m / (sqrt(v) / sqrt(correction2) + eps),   correction_i = 1 - beta_i^t
/// The root is taken of v brought into the range of normal floats, so that a gradient that was
/// always zero changes nothing even with eps = 0, and one whose square overflows gives no NaN.
struct AdamStep {
  float lr = 0;
  double beta1 = 0.9;  ///< double, for 1 - beta2 is far from it in float
  double beta2 = 0.999;
  float eps = 1e-8f;
  float weight_decay = 0;
  bool decoupled = false;
  double correction1 = 1;
  double correction2 = 1;
  float gradient_scale = 1;
};
void adam_step(float* weights, float* first_moment, float* second_moment, const float* gradient,
               std::size_t count, const AdamStep& step);

/// Sum of squares, float over fixed chunks of 4096, the chunks in double in order.
double sum_of_squares(const float* values, std::size_t count);

/// True when every value is finite.
bool all_finite(const float* values, std::size_t count);

}  // namespace normlab::kernels
