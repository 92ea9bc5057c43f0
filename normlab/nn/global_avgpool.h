#pragma once

#include <memory>
#include <string>

#include "normlab/nn/layer.h"
#include "normlab/nn/layer_text.h"

namespace normlab {

/// The mean over all positions of each channel: (height, width, channels) to (1, 1, channels).
class GlobalAvgPool : public Layer {
 public:
  static constexpr std::string_view kUsage = "global_avgpool";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&);

  std::string text() const override { return "global_avgpool"; }
  Shape plan(Planner& planner, const Shape& input) override;
  const float* forward(const Pass& pass, const float* x) override;
  float* backward(const Pass& pass, float* dy) override;
  std::string find_non_finite(const Pass& pass) const override;

 private:
  Shape input_;
  std::int64_t examples_per_piece_ = 1;
  bool input_gradient_ = false;
  ArenaSlice<float> y_;
  ArenaSlice<float> dx_;
};

}  // namespace normlab
