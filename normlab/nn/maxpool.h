#pragma once

#include "normlab/nn/options.h"
#include "normlab/nn/pool_layer.h"

namespace normlab {

class MaxPool : public PoolLayer {
 public:
  static constexpr std::string_view kUsage = "maxpool K [stride S]";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&);

  explicit MaxPool(const PoolWindow& window) : PoolLayer(window) {}

  std::string text() const override { return "maxpool " + window_text(); }
  std::unique_ptr<Stage> make_stage(const StageParts& parts) const override;
  std::optional<PoolWindow> max_window() const override { return window(); }
};

}  // namespace normlab
