#pragma once

#include "normlab/nn/pool_layer.h"

namespace normlab {

class AvgPool : public PoolLayer {
 public:
  static constexpr std::string_view kUsage = "avgpool K [stride S]";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&);

  explicit AvgPool(const Window& window) : PoolLayer(window) {}

  std::string text() const override { return "avgpool " + window_text(); }

 private:
  void forward_examples(float* y, const float* x, Range examples) override;
  void backward_examples(float* dx, const float* dy, Range examples) override;
};

}  // namespace normlab
