#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "normlab/base/aligned_buffer.h"
#include "normlab/base/matrix.h"
#include "normlab/data/dataset.h"
#include "normlab/kernels/gather.h"
#include "normlab/train/train_step.h"

namespace normlab {

/// A network's answers to images that it is not trained on. Not thread-safe.
class Evaluator {
 public:
  /// With `flip`, an answer is the mean of the logits for an image and for its mirror image, so that
  /// left and right count the same (a factor of two in time). `step` must outlive it and takes
  /// batches of up to `max_examples`.
  Evaluator(TrainStep& step, std::int64_t max_examples, std::int64_t classes, bool flip);

  /// Of a batch of `set`, in evaluation mode, after `steps_done` training steps; `step.labels()` are
  /// its labels. Valid until the next call.
  ConstMatrix logits(const ImageSet& set, std::span<const std::uint32_t> images,
                     std::int64_t steps_done);

 private:
  TrainStep& step_;
  std::vector<kernels::Placement> mirrored_;  ///< empty without `flip`
  AlignedBuffer<float> mean_;
};

}  // namespace normlab
