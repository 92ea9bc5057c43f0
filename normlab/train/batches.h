#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "normlab/base/pieces.h"
#include "normlab/train/trial_settings.h"

namespace normlab {

/// Indices of the training images that train and that validate.
struct Split {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> validation;
};

/// Holds out round(`validation` * count) of `count` images, picked at random by the seed; each part
/// in ascending order.
Split split_images(std::int64_t count, double validation, std::uint64_t seed);

/// How the examples of an epoch are cut into batches, the tail policy applied.
class BatchPlan {
 public:
  /// Throws RequestError when no batch would be left.
  BatchPlan(std::int64_t examples, std::int64_t batch, Tail tail);

  std::int64_t batches() const { return static_cast<std::int64_t>(ranges_.size()); }
  /// Into the epoch's order.
  Range batch(std::int64_t index) const { return ranges_[static_cast<std::size_t>(index)]; }
  std::int64_t largest() const;
  std::int64_t smallest() const;

  /// The order in which epoch `epoch` (from 0) visits `images`, as long as the batches need: `wrap`
  /// repeats its beginning. Without `shuffled`, the order they have.
  void order(std::vector<std::uint32_t>& order, std::span<const std::uint32_t> images,
             std::uint64_t seed, std::int64_t epoch, bool shuffled) const;

 private:
  std::vector<Range> ranges_;
};

}  // namespace normlab
