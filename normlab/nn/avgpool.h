#pragma once

#include "normlab/nn/options.h"
#include "normlab/nn/pool_layer.h"

namespace normlab {

class AvgPool : public PoolLayer {
 public:
  static constexpr std::string_view kUsage = "avgpool K [stride S]";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&);

  explicit AvgPool(const PoolWindow& window) : PoolLayer(window) {}

  std::string text() const override { return "avgpool " + window_text(); }
  std::unique_ptr<Stage> make_stage(const StageParts& parts) const override;
};

}  // namespace normlab
