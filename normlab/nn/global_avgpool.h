#pragma once

#include <memory>
#include <string>

#include "normlab/nn/layer.h"
#include "normlab/nn/layer_text.h"
#include "normlab/nn/options.h"

namespace normlab {

/// The mean of each channel over all positions of an image.
class GlobalAvgPool : public Layer {
 public:
  static constexpr std::string_view kUsage = "global_avgpool";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&);

  std::string text() const override { return "global_avgpool"; }
  LayerRole role() const override { return LayerRole::alone; }
  Shape output(const Shape& input) const override;
  std::unique_ptr<Stage> make_stage(const StageParts& parts) const override;
};

}  // namespace normlab
