#include "normlab/train/input.h"

#include <cmath>

#include "normlab/data/channel_moments.h"

namespace normlab {
InputScaler::InputScaler(InputScale scale, const Dataset& data,
                         std::span<const std::uint32_t> train)
    : size_{data.height, data.width, data.channels},
      scale_(static_cast<std::size_t>(data.image_size()), 1 / 255.0f),
      shift_(scale_.size(), 0.0f) {
  if (scale == InputScale::minus_one_to_one) {
    scale_.assign(scale_.size(), 2 / 255.0f);
    shift_.assign(scale_.size(), -1.0f);
  } else if (scale == InputScale::standardize) {
    const std::vector<Moments> moments = channel_moments(data.train, data.channels, train);
    for (std::size_t i = 0; i < scale_.size(); ++i) {
      const Moments& channel = moments[i % moments.size()];
      // A channel without variance carries nothing; it becomes 0.
      const double sd = std::sqrt(channel.biased_variance());
      const double factor = sd > 0 ? 1 / sd : 0;
      scale_[i] = static_cast<float>(factor);
      shift_[i] = static_cast<float>(-channel.mean * factor);
    }
  }
}

void InputScaler::gather(Matrix out, std::span<Label> labels, const ImageSet& set,
                         std::span<const std::uint32_t> images,
                         std::span<const kernels::Placement> placements) const {
  if (placements.empty()) {
    kernels::gather_scale(out, set.pixels.data(), images, scale_.data(), shift_.data());
  } else {
    kernels::gather_scale_placed(out, set.pixels.data(), images, placements, size_, scale_.data(),
                                 shift_.data());
  }
  for (std::size_t i = 0; i < images.size(); ++i) labels[i] = set.labels[images[i]];
}

}  // namespace normlab
