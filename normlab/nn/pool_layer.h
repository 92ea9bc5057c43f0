#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "normlab/kernels/pooling.h"
#include "normlab/nn/layer.h"
#include "normlab/nn/layer_text.h"
#include "normlab/nn/stage.h"

namespace normlab {

/// What maximum and average pooling share: the window. Rows and columns that no window covers are
/// ignored, as in PyTorch.
class PoolLayer : public Layer {
 public:
  LayerRole role() const override { return LayerRole::alone; }
  Shape output(const Shape& input) const override;

 protected:
  /// "K [stride S]"; the stride is the window's size unless given.
  static PoolWindow parse_window(LayerText& text);
  explicit PoolLayer(const PoolWindow& window) : window_(window) {}

  const PoolWindow& window() const { return window_; }
  std::string window_text() const;
  kernels::PoolShape pool_shape(const Shape& input) const;

 private:
  PoolWindow window_;
};

/// A pooling's own stage, in pieces of whole examples.
class PoolStage : public Stage {
 public:
  PoolStage(const StageParts& parts, std::int64_t input_size, std::int64_t output_size)
      : Stage(parts), input_size_(input_size), output_size_(output_size) {}

  void plan(Planner& planner) override;
  const float* forward(const Pass& pass, const float* x, const float* addend) override;
  float* backward(const Pass& pass, float* dy, const float* also) override;
  const LayerNode* find_non_finite(const Pass& pass) const override;

 protected:
  virtual void forward_examples(float* y, const float* x, Range examples) = 0;
  virtual void backward_examples(float* dx, const float* dy, Range examples) = 0;

 private:
  std::int64_t input_size_;
  std::int64_t output_size_;
  std::int64_t examples_per_piece_ = 1;
  bool input_gradient_ = false;
  ArenaSlice<float> y_;
  ArenaSlice<float> dx_;
};

}  // namespace normlab
