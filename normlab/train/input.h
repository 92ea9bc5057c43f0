#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "normlab/base/matrix.h"
#include "normlab/data/dataset.h"
#include "normlab/kernels/gather.h"
#include "normlab/train/trial_settings.h"

namespace normlab {

/// Turns images of bytes into the network's input: one pass picks a batch and scales it.
class InputScaler {
 public:
  /// For `standardize`, mean and standard deviation of each channel are taken over the images
  /// `train`.
  InputScaler(InputScale scale, const Dataset& data, std::span<const std::uint32_t> train);

  /// Row r of `out` becomes image `images[r]` of `set`, and labels[r] its label; each as its
  /// placement has it, unless there are none.
  void gather(Matrix out, std::span<Label> labels, const ImageSet& set,
              std::span<const std::uint32_t> images,
              std::span<const kernels::Placement> placements = {}) const;

 private:
  kernels::ImageSize size_;
  std::vector<float> scale_;  ///< per value of an image
  std::vector<float> shift_;
};

}  // namespace normlab
