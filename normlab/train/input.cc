#include "normlab/train/input.h"

#include <cmath>

#include "normlab/base/moments.h"
#include "normlab/kernels/gather.h"

namespace normlab {
namespace {

/// Exact: sums of bytes are integers.
std::vector<Moments> channel_moments(const Dataset& data, std::span<const std::uint32_t> images) {
  const auto channels = static_cast<std::size_t>(data.channels);
  const auto size = static_cast<std::size_t>(data.image_size());
  std::vector<std::uint64_t> sums(channels);
  std::vector<std::uint64_t> squares(channels);
  for (const std::uint32_t image : images) {
    const std::uint8_t* pixels = data.train.pixels.data() + image * size;
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint64_t value = pixels[i];
      sums[i % channels] += value;
      squares[i % channels] += value * value;
    }
  }
  const double count = static_cast<double>(images.size() * (size / channels));
  std::vector<Moments> moments;
  for (std::size_t c = 0; c < channels; ++c) {
    const double mean = static_cast<double>(sums[c]) / count;
    moments.push_back({count, mean, static_cast<double>(squares[c]) - count * mean * mean});
  }
  return moments;
}

}  // namespace

InputScaler::InputScaler(InputScale scale, const Dataset& data,
                         std::span<const std::uint32_t> train)
    : scale_(static_cast<std::size_t>(data.image_size()), 1 / 255.0f), shift_(scale_.size(), 0.0f) {
  if (scale == InputScale::minus_one_to_one) {
    scale_.assign(scale_.size(), 2 / 255.0f);
    shift_.assign(scale_.size(), -1.0f);
  } else if (scale == InputScale::standardize) {
    const std::vector<Moments> moments = channel_moments(data, train);
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

void InputScaler::gather(Matrix out, std::span<std::uint8_t> labels, const ImageSet& set,
                         std::span<const std::uint32_t> images) const {
  kernels::gather_scale(out, set.pixels.data(), images, scale_.data(), shift_.data());
  for (std::size_t i = 0; i < images.size(); ++i) labels[i] = set.labels[images[i]];
}

}  // namespace normlab
