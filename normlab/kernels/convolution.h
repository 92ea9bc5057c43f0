#pragma once

#include <cstdint>
#include <memory>

namespace normlab::kernels {

/// A square convolution over NHWC images. Weights are (out, in, kernel, kernel), as PyTorch stores
/// them.
struct ConvolutionShape {
  std::int64_t height = 0;  ///< of the input
  std::int64_t width = 0;
  std::int64_t in_channels = 0;
  std::int64_t out_channels = 0;
  std::int64_t kernel = 0;
  std::int64_t stride = 1;
  std::int64_t padding = 0;  ///< on each of the four sides

  std::int64_t output_height() const { return (height + 2 * padding - kernel) / stride + 1; }
  std::int64_t output_width() const { return (width + 2 * padding - kernel) / stride + 1; }
  std::int64_t weight_count() const { return out_channels * in_channels * kernel * kernel; }
  std::int64_t input_size() const { return height * width * in_channels; }
  std::int64_t output_size() const { return output_height() * output_width() * out_channels; }
};

/// oneDNN's three convolution primitives for pieces of 1..max_examples examples of one shape.
/// `pack_*` lays the weights out as the primitives want them, once per step, so that all pieces
/// share the packed copy. Calls may run at the same time when each has its own worker number and
/// writes to its own memory.
class Convolution {
 public:
  /// `workers`: how many calls may run at the same time.
  Convolution(const ConvolutionShape& shape, std::int64_t max_examples, int workers);
  ~Convolution();
  Convolution(const Convolution&) = delete;
  Convolution& operator=(const Convolution&) = delete;
  Convolution(Convolution&&) noexcept;
  Convolution& operator=(Convolution&&) noexcept;

  /// Floats that the packed weights take, and the weights' gradient as the primitive writes it.
  std::int64_t packed_forward_size() const;
  std::int64_t packed_backward_size() const;
  std::int64_t gradient_size() const;

  void pack_forward(float* packed, const float* weights);
  void pack_backward(float* packed, const float* weights);
  /// The gradient in PyTorch's order from one in the primitive's.
  void unpack_gradient(float* weight_gradient, const float* gradient);

  /// y = x * weights
  void forward(float* y, const float* x, const float* packed, std::int64_t examples, int worker);
  void backward_data(float* dx, const float* dy, const float* packed, std::int64_t examples,
                     int worker);
  /// Overwrites `gradient` (gradient_size() floats).
  void backward_weights(float* gradient, const float* x, const float* dy, std::int64_t examples,
                        int worker);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace normlab::kernels
