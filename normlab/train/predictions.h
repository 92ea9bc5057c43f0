#pragma once

#include "normlab/base/matrix.h"
#include "normlab/train/probe_record.h"

namespace normlab {

/// Appends the answer of every row of `logits` (rows x classes): the first of
/// the largest logits, as the accuracy counts it, and its softmax.
void append_predictions(Predictions& predictions, ConstMatrix logits);

}  // namespace normlab
