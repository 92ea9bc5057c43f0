#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "normlab/base/pieces.h"
#include "normlab/kernels/direct_convolution.h"
#include "normlab/kernels/pooled_convolution.h"
#include "normlab/kernels/pooling.h"
#include "normlab/nn/conv_producer.h"
#include "normlab/nn/stage.h"

namespace normlab {

/// A network's first convolution, of few taps, with all that follows up to a maximum pooling,
/// window by window. Nothing of the convolution's size is ever written to memory:
///
/// - y = gamma * x_hat + beta rises or falls with x as gamma's sign says, so what the pooling will
///   pick is known before the statistics are, and only picked values ("peaks") are normalized;
/// - the gradients of gamma and beta are sums over picked values only, as all others get no
///   gradient;
/// - the gradient of the convolution's output, which the statistics spread to all positions, needs
///   the values that were not kept: they are computed again.
class PooledConv : public Stage {
 public:
  /// Whether `shape` and what follows it can run so: windows of 2x2 or 3x3 that do not overlap, no
  /// activation but ReLU (others would have to be told from more than their output), a norm that
  /// runs in a stage.
  static bool suits(const kernels::ConvolutionShape& shape, const StageParts& parts);

  PooledConv(const StageParts& parts, const kernels::ConvolutionShape& shape, bool has_bias);

  void plan(Planner& planner) override;
  const float* forward(const Pass& pass, const float* x, const float* addend) override;
  float* backward(const Pass& pass, float* dy, const float* also) override;
  const LayerNode* find_non_finite(const Pass& pass) const override;

 private:
  /// Some output rows of the convolution, and the rows of windows in them. The image's last rows
  /// may be in no window.
  struct Strip {
    Range rows;
    Range windows;
  };
  /// A worker's own memory.
  struct Scratch {
    float* gradient;  ///< of a strip
    float* padded;
  };

  std::int64_t strips() const { return Pieces{shape_.output_height(), strip_rows_}.count(); }
  Strip strip(std::int64_t index) const;
  Scratch scratch(int worker) const;
  const float* padded_image(const float* x, std::int64_t example, const Scratch& scratch) const;
  kernels::PooledRows pooled_rows(const float* image, Range rows) const;
  kernels::PoolShape pool_shape(const Strip& strip) const;
  /// Where the strip's peaks are in the batch.
  std::int64_t peak_offset(std::int64_t example, const Strip& strip) const;

  void prepare(const Pass& pass);
  void forward_example(const Pass& pass, const float* x, std::int64_t example, std::int64_t piece,
                       const Scratch& scratch);
  void reduce(const Pass& pass, float* dy);
  Matrix strip_gradient(const float* image, float* dy, std::int64_t example, const Strip& strip,
                        const Scratch& scratch) const;
  void merge_gradients(const Pass& pass);

  Range all_channels() const { return {0, shape_.out_channels}; }
  Matrix pooled(float* data, Range examples) const;
  std::span<double> gradient_sums(std::int64_t piece) const;
  std::int64_t positions() const { return shape_.output_height() * shape_.output_width(); }
  Pieces positions_of(const Pass& pass) const;
  bool adds_bias() const { return bias() != nullptr && !bias_redundant(); }
  bool bias_redundant() const;
  const ParameterSlice* bias() const { return parameters_.has_bias ? &parameters_.bias : nullptr; }
  Activation before() const;
  Activation after() const;

  kernels::ConvolutionShape shape_;
  kernels::DirectConvolution convolution_;
  kernels::PoolShape pool_;
  std::unique_ptr<Norm> norm_;
  ConvParameters parameters_;
  std::int64_t strip_rows_ = 0;
  std::int64_t scratch_size_ = 0;  ///< of one worker, in floats
  std::int64_t examples_per_piece_ = 1;

  ArenaSlice<float> packed_;
  ArenaSlice<float> bias_;        ///< zeros where none is added
  ArenaSlice<float> directions_;  ///< of the extrema: signs of gamma
  ArenaSlice<float> peaks_;
  ArenaSlice<std::uint8_t> argmax_;
  ArenaSlice<float> normed_;
  ArenaSlice<float> scratch_;         ///< of all workers
  ArenaSlice<double> gradient_sums_;  ///< of all pieces

  // Of the pass at hand.
  Pieces pieces_;  ///< in examples
  const float* x_ = nullptr;
};

}  // namespace normlab
