#include "normlab/data/channel_moments.h"

#include <numeric>

namespace normlab {

std::vector<Moments> channel_moments(const ImageSet& set, std::int32_t channels,
                                     std::span<const std::uint32_t> images) {
  const auto channel_count = static_cast<std::size_t>(channels);
  const std::size_t image_size = set.labels.empty() ? 0 : set.pixels.size() / set.labels.size();
  std::vector<std::uint64_t> sums(channel_count);
  std::vector<std::uint64_t> squares(channel_count);
  for (const std::uint32_t image : images) {
    const std::uint8_t* pixels = set.pixels.data() + image * image_size;
    for (std::size_t i = 0; i < image_size; i += channel_count) {
      for (std::size_t c = 0; c < channel_count; ++c) {
        const std::uint64_t value = pixels[i + c];
        sums[c] += value;
        squares[c] += value * value;
      }
    }
  }
  const std::size_t pixels_per_image = image_size / channel_count;
  const auto count = static_cast<double>(images.size() * pixels_per_image);
  std::vector<Moments> moments;
  for (std::size_t c = 0; c < channel_count; ++c) {
    const double mean = static_cast<double>(sums[c]) / count;
    moments.push_back({count, mean, static_cast<double>(squares[c]) - count * mean * mean});
  }
  return moments;
}

std::vector<Moments> channel_moments(const ImageSet& set, std::int32_t channels) {
  std::vector<std::uint32_t> all(set.labels.size());
  std::iota(all.begin(), all.end(), 0u);
  return channel_moments(set, channels, all);
}

}  // namespace normlab
