#pragma once

#include <memory>
#include <string>

#include "normlab/nn/layer.h"
#include "normlab/nn/layer_text.h"
#include "normlab/nn/options.h"

namespace normlab {

/// y = x W + b over flat inputs. Runs as a DenseStage.
class Linear : public Layer {
 public:
  static constexpr std::string_view kUsage = "linear UNITS [bias off]";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&);

  Linear(std::int64_t units, bool has_bias) : units_(units), has_bias_(has_bias) {}

  std::string text() const override;
  LayerRole role() const override { return LayerRole::producer; }
  Shape output(const Shape& input) const override;
  double flops(const Shape& input) const override;
  std::unique_ptr<Stage> make_stage(const StageParts& parts) const override;

 private:
  std::int64_t units_;
  bool has_bias_;
};

}  // namespace normlab
