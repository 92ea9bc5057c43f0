#pragma once

#include <span>

#include "normlab/kernels/convolution.h"

/// Convolution in double, for reading: the oracle of normlab/kernels/direct_convolution.h. Arrays
/// hold any number of NHWC images back to back; weights in PyTorch's order.
namespace normlab::reference {

using kernels::ConvolutionShape;

/// y = x * weights + bias
void convolution_forward(std::span<double> y, std::span<const double> x,
                         std::span<const double> weights, std::span<const double> bias,
                         const ConvolutionShape& shape);

/// The gradients of weights and bias.
void convolution_backward_weights(std::span<double> dweights, std::span<double> dbias,
                                  std::span<const double> x, std::span<const double> dy,
                                  const ConvolutionShape& shape);

}  // namespace normlab::reference
