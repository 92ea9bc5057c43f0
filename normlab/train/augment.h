#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "normlab/data/dataset.h"
#include "normlab/kernels/gather.h"
#include "normlab/train/trial_settings.h"

namespace normlab {

/// Throws RequestError where a move could leave nothing of an image to see.
void check_augment(const AugmentOptions& options, const Dataset& data);

/// How each training image is seen in an epoch, anew in every one: drawn from the trial's seed, the
/// epoch and the image's number alone, so that it is the same for any batch, any number of threads
/// and after a resume. Not thread-safe.
class Augmenter {
 public:
  Augmenter(const AugmentOptions& options, std::uint64_t seed, std::int64_t max_examples);

  /// Of a batch; empty when images are seen as they are. Valid until the next call.
  std::span<const kernels::Placement> place(std::span<const std::uint32_t> images,
                                            std::int64_t epoch);

 private:
  bool is_mirrored(std::uint32_t image, std::int64_t epoch, std::uint32_t word) const;

  AugmentOptions options_;
  std::uint64_t seed_;
  std::vector<kernels::Placement> placements_;
};

}  // namespace normlab
