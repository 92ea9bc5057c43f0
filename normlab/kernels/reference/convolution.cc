#include "normlab/kernels/reference/convolution.h"

#include <algorithm>
#include <cstdint>

namespace normlab::reference {
namespace {

/// Calls `work(y, x, weight)` with the indices of every product of the convolution.
template <class Work>
void for_each_product(std::int64_t examples, const ConvolutionShape& s, const Work& work) {
  for (std::int64_t y = 0; y < examples * s.output_size(); ++y) {
    const std::int64_t out = y % s.out_channels;
    const std::int64_t ow = y / s.out_channels % s.output_width();
    const std::int64_t oh = y / s.out_channels / s.output_width() % s.output_height();
    const std::int64_t n = y / s.output_size();
    for (std::int64_t i = 0; i < s.in_channels * s.kernel * s.kernel; ++i) {
      const std::int64_t in = i / (s.kernel * s.kernel);
      const std::int64_t h = oh * s.stride - s.padding + i / s.kernel % s.kernel;
      const std::int64_t w = ow * s.stride - s.padding + i % s.kernel;
      if (h < 0 || h >= s.height || w < 0 || w >= s.width) continue;
      const std::int64_t x = ((n * s.height + h) * s.width + w) * s.in_channels + in;
      work(static_cast<std::size_t>(y), static_cast<std::size_t>(x),
           static_cast<std::size_t>(out * s.in_channels * s.kernel * s.kernel + i));
    }
  }
}

}  // namespace

void convolution_forward(std::span<double> y, std::span<const double> x,
                         std::span<const double> weights, std::span<const double> bias,
                         const ConvolutionShape& shape) {
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = bias[i % bias.size()];
  for_each_product(std::ssize(y) / shape.output_size(), shape,
                   [&](std::size_t to, std::size_t from, std::size_t weight) {
                     y[to] += x[from] * weights[weight];
                   });
}

void convolution_backward_weights(std::span<double> dweights, std::span<double> dbias,
                                  std::span<const double> x, std::span<const double> dy,
                                  const ConvolutionShape& shape) {
  std::ranges::fill(dweights, 0.0);
  std::ranges::fill(dbias, 0.0);
  for (std::size_t i = 0; i < dy.size(); ++i) dbias[i % dbias.size()] += dy[i];
  for_each_product(std::ssize(dy) / shape.output_size(), shape,
                   [&](std::size_t to, std::size_t from, std::size_t weight) {
                     dweights[weight] += x[from] * dy[to];
                   });
}

}  // namespace normlab::reference
