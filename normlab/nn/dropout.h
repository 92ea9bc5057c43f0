#pragma once

#include <memory>
#include <string>

#include "normlab/nn/layer.h"
#include "normlab/nn/layer_text.h"
#include "normlab/nn/options.h"

namespace normlab {

/// Zeroes each value with probability `rate` in training and divides the others by 1 - rate
/// (Srivastava et al. 2014, in the inverted form); nothing in evaluation. Masks depend on the seed,
/// the step and the layer's position only.
class Dropout : public Layer {
 public:
  static constexpr std::string_view kUsage = "dropout P";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&);

  explicit Dropout(double rate) : rate_(rate) {}

  std::string text() const override;
  LayerRole role() const override { return LayerRole::alone; }
  std::unique_ptr<Stage> make_stage(const StageParts& parts) const override;

 private:
  double rate_;
};

}  // namespace normlab
