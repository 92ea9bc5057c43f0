#pragma once

#include <memory>
#include <string>

#include "normlab/nn/layer.h"
#include "normlab/nn/layer_text.h"

namespace normlab {

/// Turns an image into a vector. Nothing moves: the vector remembers the image's shape, so that
/// checkpoints can list its elements in PyTorch's channel-first order.
class Flatten : public Layer {
 public:
  static constexpr std::string_view kUsage = "flatten";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&);

  std::string text() const override { return "flatten"; }
  Shape plan(Planner&, const Shape& input) override;
  bool returns_input() const override { return true; }
  const float* forward(const Pass&, const float* x) override { return x; }
  float* backward(const Pass&, float* dy) override { return dy; }
  std::string find_non_finite(const Pass&) const override { return {}; }
};

}  // namespace normlab
