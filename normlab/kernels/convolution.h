#pragma once

#include <cstdint>
#include <memory>

namespace normlab::kernels {

/// A square convolution over NHWC images. Weights are (out, in, kernel, kernel), as PyTorch stores them.
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

/// The three convolution primitives of oneDNN for chunks of `1..max_examples` examples of one shape. Works in the
/// caller's memory; `pack_*` lays the weights out as the primitives want them, once per step, so that chunks share it.
/// Thread-safe after construction as long as calls write to different memory and pass different scratch.
class Convolution {
 public:
  Convolution(const ConvolutionShape& shape, std::int64_t max_examples);
  ~Convolution();
  Convolution(Convolution&&) noexcept;
  Convolution& operator=(Convolution&&) noexcept;

  /// Floats needed for the packed weights of the forward and of the backward-data primitive, for the gradient of one
  /// chunk as the backward-weights primitive writes it, and for scratch that each concurrent call needs one of.
  std::int64_t packed_forward_size() const;
  std::int64_t packed_backward_size() const;
  std::int64_t gradient_size() const;
  std::int64_t scratch_size() const;

  void pack_forward(float* packed, const float* weights) const;
  void pack_backward(float* packed, const float* weights) const;
  /// weights' gradient in PyTorch's order from one in the primitive's.
  void unpack_gradient(float* weight_gradient, const float* gradient) const;

  /// y = x * weights + bias; bias (out_channels) may be null.
  void forward(float* y, const float* x, const float* packed, const float* bias, float* scratch,
               std::int64_t examples) const;
  void backward_data(float* dx, const float* dy, const float* packed, float* scratch,
                     std::int64_t examples) const;
  /// Overwrites `gradient` (gradient_size() floats).
  void backward_weights(float* gradient, const float* x, const float* dy, float* scratch,
                        std::int64_t examples) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace normlab::kernels
