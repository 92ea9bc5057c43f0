#pragma once

#include "normlab/nn/pool_layer.h"

namespace normlab {

class MaxPool : public PoolLayer {
 public:
  static constexpr std::string_view kUsage = "maxpool K [stride S]";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&);

  explicit MaxPool(const Window& window) : PoolLayer(window) {}

  std::string text() const override { return "maxpool " + window_text(); }
  Shape plan(Planner& planner, const Shape& input) override;
  Shape plan_inside(Planner& planner, const Shape& input) override;
  /// The convolution before it does its work.
  void leave_to_producer() { left_to_producer_ = true; }

 private:
  void forward_examples(float* y, const float* x, Range examples) override;
  void backward_examples(float* dx, const float* dy, Range examples) override;

  bool left_to_producer_ = false;
  ArenaSlice<std::uint8_t> argmax_;
};

}  // namespace normlab
