#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "normlab/base/pieces.h"
#include "normlab/kernels/pooling.h"
#include "normlab/nn/layer.h"
#include "normlab/nn/layer_text.h"

namespace normlab {

/// What maximum and average pooling share: the window's geometry, the buffers, the cut into pieces
/// of whole examples. Rows and columns that no window covers are ignored, as in PyTorch.
class PoolLayer : public Layer {
 public:
  struct Window {
    std::int64_t size = 1;
    std::int64_t stride = 1;
  };
  const Window& window() const { return window_; }

  Shape plan(Planner& planner, const Shape& input) override;
  const float* forward(const Pass& pass, const float* x) override;
  float* backward(const Pass& pass, float* dy) override;
  std::string find_non_finite(const Pass& pass) const override;

 protected:
  /// "K [stride S]"; the stride is the window's size unless given.
  static Window parse_window(LayerText& text);
  explicit PoolLayer(const Window& window) : window_(window) {}

  std::string window_text() const;
  const kernels::PoolShape& shape() const { return shape_; }
  /// Takes the input's shape, returns the output's.
  Shape set_shape(const Shape& input);

  virtual void forward_examples(float* y, const float* x, Range examples) = 0;
  virtual void backward_examples(float* dx, const float* dy, Range examples) = 0;

 private:
  Window window_;
  kernels::PoolShape shape_;
  std::int64_t examples_per_piece_ = 1;
  bool input_gradient_ = false;
  ArenaSlice<float> y_;
  ArenaSlice<float> dx_;
};

}  // namespace normlab
