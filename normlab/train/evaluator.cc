#include "normlab/train/evaluator.h"

#include <algorithm>

namespace normlab {

Evaluator::Evaluator(TrainStep& step, std::int64_t max_examples, std::int64_t classes, bool flip)
    : step_(step),
      mirrored_(flip ? static_cast<std::size_t>(max_examples) : 0, {.mirrored = true}),
      mean_(flip ? static_cast<std::size_t>(max_examples * classes) : 0) {}

ConstMatrix Evaluator::logits(const ImageSet& set, std::span<const std::uint32_t> images,
                              std::int64_t steps_done) {
  const ConstMatrix seen = step_.forward(set, images, Mode::evaluation, steps_done);
  if (mirrored_.empty()) return seen;
  const Matrix mean{mean_.data(), seen.rows, seen.channels, seen.channels};
  for (std::int64_t r = 0; r < seen.rows; ++r) std::copy_n(seen.row(r), seen.channels, mean.row(r));
  const ConstMatrix turned = step_.forward(set, images, Mode::evaluation, steps_done,
                                           std::span(mirrored_).first(images.size()));
  for (std::int64_t r = 0; r < mean.rows; ++r) {
    for (std::int64_t c = 0; c < mean.channels; ++c)
      mean.row(r)[c] = (mean.row(r)[c] + turned.row(r)[c]) / 2;
  }
  return mean;
}

}  // namespace normlab
