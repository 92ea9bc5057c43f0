#include "normlab/kernels/reference/pooling.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace normlab::reference {
namespace {

/// Calls `visit(output, input, position)` for every output and every input in its window, with
/// their places in the arrays and the input's position in the window.
template <class Visit>
void for_each_pair(std::size_t outputs, const PoolShape& s, const Visit& visit) {
  const std::int64_t examples = static_cast<std::int64_t>(outputs) / s.output_size();
  std::size_t output = 0;
  for (std::int64_t n = 0; n < examples; ++n) {
    for (std::int64_t oh = 0; oh < s.output_height(); ++oh) {
      for (std::int64_t ow = 0; ow < s.output_width(); ++ow) {
        for (std::int64_t c = 0; c < s.channels; ++c, ++output) {
          for (std::int64_t position = 0; position < s.window * s.window; ++position) {
            const std::int64_t h = oh * s.stride + position / s.window;
            const std::int64_t w = ow * s.stride + position % s.window;
            const std::int64_t input = ((n * s.height + h) * s.width + w) * s.channels + c;
            visit(output, static_cast<std::size_t>(input), static_cast<std::uint8_t>(position));
          }
        }
      }
    }
  }
}

double window_area(const PoolShape& shape) {
  return static_cast<double>(shape.window * shape.window);
}

}  // namespace

void maxpool_forward(std::span<double> y, std::span<std::uint8_t> argmax, std::span<const double> x,
                     const PoolShape& shape) {
  for_each_pair(y.size(), shape, [&](std::size_t output, std::size_t input, std::uint8_t position) {
    const bool greater = x[input] > y[output] || (std::isnan(x[input]) && !std::isnan(y[output]));
    if (position != 0 && !greater) return;
    y[output] = x[input];
    argmax[output] = position;
  });
}

void maxpool_backward(std::span<double> dx, std::span<const double> dy,
                      std::span<const std::uint8_t> argmax, const PoolShape& shape) {
  std::fill(dx.begin(), dx.end(), 0.0);
  for_each_pair(dy.size(), shape,
                [&](std::size_t output, std::size_t input, std::uint8_t position) {
                  if (position == argmax[output]) dx[input] += dy[output];
                });
}

void avgpool_forward(std::span<double> y, std::span<const double> x, const PoolShape& shape) {
  std::fill(y.begin(), y.end(), 0.0);
  for_each_pair(y.size(), shape, [&](std::size_t output, std::size_t input, std::uint8_t) {
    y[output] += x[input] / window_area(shape);
  });
}

void avgpool_backward(std::span<double> dx, std::span<const double> dy, const PoolShape& shape) {
  std::fill(dx.begin(), dx.end(), 0.0);
  for_each_pair(dy.size(), shape, [&](std::size_t output, std::size_t input, std::uint8_t) {
    dx[input] += dy[output] / window_area(shape);
  });
}

void global_avgpool_forward(std::span<double> y, std::span<const double> x, std::int64_t positions,
                            std::int64_t channels) {
  std::fill(y.begin(), y.end(), 0.0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto c = static_cast<std::size_t>(channels);
    const std::size_t example = i / (static_cast<std::size_t>(positions) * c);
    y[example * c + i % c] += x[i] / static_cast<double>(positions);
  }
}

void global_avgpool_backward(std::span<double> dx, std::span<const double> dy,
                             std::int64_t positions, std::int64_t channels) {
  for (std::size_t i = 0; i < dx.size(); ++i) {
    const auto c = static_cast<std::size_t>(channels);
    const std::size_t example = i / (static_cast<std::size_t>(positions) * c);
    dx[i] = dy[example * c + i % c] / static_cast<double>(positions);
  }
}

}  // namespace normlab::reference
