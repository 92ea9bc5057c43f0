#pragma once

#include <span>

#include "normlab/base/matrix.h"

namespace normlab {

enum class ActivationKind { identity, relu, leaky_relu, sigmoid, tanh, gelu };

/// An elementwise function. `gelu` is the exact one, x * Phi(x).
struct Activation {
  ActivationKind kind = ActivationKind::identity;
  /// leaky_relu only; must be > 0 so that the output's sign tells the input's.
  float negative_slope = 0.01f;

  /// True when the derivative is a function of the input only (gelu); of the output otherwise.
  bool derivative_needs_input() const { return kind == ActivationKind::gelu; }
};

namespace kernels {

/// y = activation(x). y may be x.
void activation_forward(Matrix y, ConstMatrix x, Activation activation);

/// dx = dy * activation'. `saved` is the input where `derivative_needs_input()`, else the output.
/// dx may be dy.
void activation_backward(Matrix dx, ConstMatrix dy, ConstMatrix saved, Activation activation);

/// y = activation(x + bias), bias per channel. y may be x.
void bias_activation_forward(Matrix y, ConstMatrix x, const float* bias, Activation activation);

/// y = activation(x + addend). y may be x or the addend.
void add_activation_forward(Matrix y, ConstMatrix x, ConstMatrix addend, Activation activation);

/// sums[c] = sum over rows of x[r, c]; overwrites. Accumulated in float over at most 128 rows, in
/// double beyond.
void column_sums(std::span<double> sums, ConstMatrix x);

}  // namespace kernels
}  // namespace normlab
