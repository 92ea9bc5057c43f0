#pragma once

#include <cstdint>

namespace normlab::kernels {

/// A pooling window over NHWC images, no padding: output size = (size - window) / stride + 1,
/// rounded down.
struct PoolShape {
  static constexpr std::int64_t kMaxWindow = 15;

  std::int64_t height = 0;  ///< of the input
  std::int64_t width = 0;   ///< of the input
  std::int64_t channels = 0;
  std::int64_t window = 0;  ///< side, 1..kMaxWindow: a position in it fits into a byte
  std::int64_t stride = 0;

  std::int64_t output_height() const { return (height - window) / stride + 1; }
  std::int64_t output_width() const { return (width - window) / stride + 1; }
  std::int64_t input_size() const { return height * width * channels; }
  std::int64_t output_size() const { return output_height() * output_width() * channels; }
};

/// y[n, oh, ow, c] = max over the window; argmax = position in the window (row * window + column)
/// of the first maximum, one byte per output. A NaN in the window is the maximum, as in PyTorch.
/// Arrays hold `examples` images back to back.
void maxpool_forward(float* y, std::uint8_t* argmax, const float* x, std::int64_t examples,
                     const PoolShape& shape);

/// dx[n, h, w, c] = sum of dy over the windows whose maximum was there. Overwrites all of dx.
void maxpool_backward(float* dx, const float* dy, const std::uint8_t* argmax, std::int64_t examples,
                      const PoolShape& shape);

/// y = mean over the window; dx spreads dy / window^2. Overwrites all of dx.
void avgpool_forward(float* y, const float* x, std::int64_t examples, const PoolShape& shape);
void avgpool_backward(float* dx, const float* dy, std::int64_t examples, const PoolShape& shape);

/// y[n, c] = mean over all positions of x[n, :, c]; `positions` = height * width.
void global_avgpool_forward(float* y, const float* x, std::int64_t examples, std::int64_t positions,
                            std::int64_t channels);
void global_avgpool_backward(float* dx, const float* dy, std::int64_t examples,
                             std::int64_t positions, std::int64_t channels);

}  // namespace normlab::kernels
