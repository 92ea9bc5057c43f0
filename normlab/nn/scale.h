#pragma once

#include <memory>
#include <string>

#include "normlab/nn/layer.h"
#include "normlab/nn/layer_text.h"
#include "normlab/nn/options.h"

namespace normlab {

/// y = v * x with one trained number v, which starts at `initial`: SkipInit (De & Smith 2020) puts
/// `scale 0` at the end of a residual block's body, in place of normalization. In PyTorch, a module
/// with a parameter `weight` of shape (1).
class Scale : public Layer {
 public:
  static constexpr std::string_view kUsage = "scale V";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&);

  explicit Scale(double initial) : initial_(initial) {}

  std::string text() const override;
  LayerRole role() const override { return LayerRole::norm; }
  std::unique_ptr<Norm> make_norm() const override;

 private:
  double initial_;
};

}  // namespace normlab
