#pragma once

#include <cstdint>
#include <span>

#include "normlab/base/matrix.h"
#include "normlab/base/pieces.h"
#include "normlab/kernels/convolution.h"

/// A convolution of few taps (kernel^2 * in_channels), a few rows of one image at a time. Its
/// output has so few multiply-adds per value that storing it costs as much as computing it: who
/// needs it again computes it again (normlab/kernels/pooled_convolution.h). Here are the layout of
/// what is computed on, and the gradient of the weights.
///
/// Images come with their padding written out (`pad_image`), NHWC. Stateless and thread-safe.
namespace normlab::kernels {

class DirectConvolution {
 public:
  /// Whether it is for such a convolution: at most kMaxTaps taps, channels in whole vectors.
  static bool suits(const ConvolutionShape& shape);
  static constexpr std::int64_t kMaxTaps = 32;
  /// Slots of the gradient are summed so many at a time, which the registers of every instruction
  /// set hold.
  static constexpr int kSlotGroup = 5;

  /// The inputs of some output rows, and how to walk through them.
  struct Input {
    const float* data = nullptr;  ///< tap 0 of the first position
    std::int64_t rows = 0;        ///< of the output
    std::int64_t positions = 0;   ///< in each
    std::int64_t row_step = 0;    ///< floats from one output row's inputs to the next's
    std::int64_t position_step = 0;
    const std::int64_t* tap_offsets = nullptr;
    std::int64_t taps = 0;
  };

  explicit DirectConvolution(const ConvolutionShape& shape);

  const ConvolutionShape& shape() const { return shape_; }

  /// Floats of an image with its padding.
  std::int64_t padded_size() const { return padded_height() * padded_width() * shape_.in_channels; }
  /// Writes the image into `padded`, zeros around it.
  void pad_image(float* padded, const float* image) const;

  /// Floats of the packed weights: (taps, out).
  std::int64_t packed_size() const { return shape_.weight_count(); }
  void pack(float* packed, const float* weights) const;

  /// The inputs of output rows [rows.first, rows.first + rows.count) of one image.
  Input input(const float* padded, Range rows) const;

  /// Sums of a gradient in double: for each slot (the taps, unused ones, and last the bias) one
  /// value per output channel.
  std::int64_t gradient_size() const { return slots() * shape_.out_channels; }
  /// Adds what output rows `rows` with gradient dz contribute, themselves added up in float.
  void backward_weights(std::span<double> gradient, const float* padded, Range rows,
                        ConstMatrix dz) const;
  /// From such sums to the gradients of weights (PyTorch's order) and, unless null, bias.
  void unpack_gradient(float* weight_gradient, float* bias_gradient,
                       std::span<const double> gradient) const;

 private:
  std::int64_t taps() const { return shape_.kernel * shape_.kernel * shape_.in_channels; }
  std::int64_t slots() const;
  std::int64_t padded_height() const { return shape_.height + 2 * shape_.padding; }
  std::int64_t padded_width() const { return shape_.width + 2 * shape_.padding; }

  ConvolutionShape shape_;
  /// How far a tap's input is behind that of tap 0; unused slots read that one.
  std::int64_t tap_offsets_[kMaxTaps + kSlotGroup] = {};
};

}  // namespace normlab::kernels
