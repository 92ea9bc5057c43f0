#pragma once

#include <cstdint>

#include "normlab/nn/network.h"

namespace normlab::bench {

/// Floating-point operations of one training step on `examples` examples, a multiply-add counted as
/// two. Counted are the products of linear and convolutional layers, each of f =
/// LayerSummary::flops for one example's forward pass:
///
///   forward f, gradient of the weights f, gradient of the input f, the last not for the first such
///   layer: nobody asks for the gradient of the images.
///
/// So a step is examples * (3 * sum of all f - f of the first). Biases, norms, activations,
/// pooling, loss and optimizer count as nothing, though they take time: a share of the peak of
/// 100 % would mean that they are free.
double step_flops(const NetworkSummary& summary, std::int64_t examples);

}  // namespace normlab::bench
