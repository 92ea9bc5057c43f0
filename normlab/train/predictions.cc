#include "normlab/train/predictions.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

namespace normlab {

void append_predictions(Predictions& predictions, ConstMatrix logits) {
  for (std::int64_t r = 0; r < logits.rows; ++r) {
    const std::span row(logits.row(r), static_cast<std::size_t>(logits.channels));
    const auto best = std::ranges::max_element(row);
    float sum = 0;
    for (const float logit : row) sum += std::exp(logit - *best);
    predictions.labels.push_back(static_cast<Label>(best - row.begin()));
    predictions.probabilities.push_back(1 / sum);
  }
}

}  // namespace normlab
