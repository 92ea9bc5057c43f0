#pragma once

#include <cstdint>
#include <span>

#include "normlab/kernels/loss.h"

namespace normlab::reference {

/// kernels::softmax_cross_entropy in double, for reading: the oracle of its tests. `gradient` and
/// `logits` hold one row of classes per label, back to back. A row with a non-finite logit has the
/// loss NaN and gradients NaN.
kernels::LossSums softmax_cross_entropy(std::span<double> gradient, std::span<const double> logits,
                                        std::span<const Label> labels, double smoothing,
                                        double gradient_scale);

}  // namespace normlab::reference
