#include "normlab/train/quantity.h"

#include <array>

namespace normlab {

extern const Quantity kLossQuantity;
extern const Quantity kAccuracyQuantity;

namespace {

constexpr std::array<const Quantity*, 2> kQuantities = {&kLossQuantity, &kAccuracyQuantity};

}  // namespace

std::span<const Quantity* const> quantities() {
  return kQuantities;
}

std::optional<double> score_of(const Evaluation& evaluation) {
  for (const Quantity* quantity : kQuantities) {
    if (!quantity->is_score) continue;
    if (const auto value = value_of(evaluation, quantity->name)) return value;
  }
  return std::nullopt;
}

}  // namespace normlab
