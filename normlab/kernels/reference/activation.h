#pragma once

#include "normlab/kernels/activation.h"
#include "normlab/kernels/reference/table.h"

namespace normlab::reference {

double activation(const Activation& activation, double x);

/// d activation / dx at the input x; at the kinks of relu and leaky_relu the derivative from the
/// left.
double activation_derivative(const Activation& activation, double x);

/// activation(x) and dy * activation'(x), value by value.
Table activation_forward(const Table& x, const Activation& activation);
Table activation_backward(const Table& dy, const Table& x, const Activation& activation);

/// x with bias[c] added to channel c.
Table add_bias(const Table& x, const PerChannel& bias);

/// The sum over the rows of each channel.
PerChannel column_sums(const Table& x);

}  // namespace normlab::reference
