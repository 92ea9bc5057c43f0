#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "normlab/train/quantity.h"

namespace normlab {

/// Sums up all quantities over the batches of one evaluation, or of one epoch of training.
class Tally {
 public:
  Tally() {
    for (const Quantity* quantity : quantities()) parts_.emplace_back(quantity, quantity->start());
  }

  void add(const BatchOutcome& batch) {
    for (auto& [quantity, accumulator] : parts_) accumulator->add(batch);
  }

  /// Over all batches that were added.
  Evaluation evaluation() const {
    Evaluation evaluation;
    for (const auto& [quantity, accumulator] : parts_)
      evaluation[std::string(quantity->name)] = accumulator->value();
    return evaluation;
  }

 private:
  std::vector<std::pair<const Quantity*, std::unique_ptr<Accumulator>>> parts_;
};

}  // namespace normlab
