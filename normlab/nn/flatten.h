#pragma once

#include <memory>
#include <string>

#include "normlab/nn/layer.h"
#include "normlab/nn/layer_text.h"
#include "normlab/nn/options.h"

namespace normlab {

/// Turns an image into a vector. Nothing moves: the vector remembers the image's shape, so that
/// checkpoints can list its elements in PyTorch's channel-first order.
class Flatten : public Layer {
 public:
  static constexpr std::string_view kUsage = "flatten";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&);

  std::string text() const override { return "flatten"; }
  LayerRole role() const override { return LayerRole::view; }
  Shape output(const Shape& input) const override;
};

}  // namespace normlab
