#pragma once

#include <cstdint>
#include <span>

#include "normlab/base/label.h"
#include "normlab/base/matrix.h"

namespace normlab::kernels {

struct LossSums {
  double loss = 0;  ///< sum over rows of the cross-entropy, in nats (label smoothing included)
  /// Rows whose largest logit is the label's; the first of equal logits counts, NaN never.
  std::int64_t correct = 0;
};

/// Softmax cross-entropy of `logits` (rows x classes) against `labels` (one per row, < classes).
/// The target is (1 - smoothing) * onehot + smoothing / classes, as PyTorch's CrossEntropyLoss has
/// it. `gradient`, unless its data is null, becomes (softmax - target) * gradient_scale; it may be
/// `logits`. A row with a non-finite logit gives a non-finite loss.
LossSums softmax_cross_entropy(Matrix gradient, ConstMatrix logits, std::span<const Label> labels,
                               float smoothing, float gradient_scale);

}  // namespace normlab::kernels
