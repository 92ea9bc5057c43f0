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

/// How many of `count` images the share `validation` holds out: round(validation * count).
std::int64_t held_out_images(std::int64_t count, double validation);

/// Puts `count` images in an order at random, by the seed: the first held_out_images() validate,
/// the next `subset` train (0: all others). So a larger subset has all images of a smaller one, and
/// those that validate are the same for any. Each part in ascending order.
Split split_images(std::int64_t count, double validation, std::uint64_t seed,
                   std::int64_t subset = 0);

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
