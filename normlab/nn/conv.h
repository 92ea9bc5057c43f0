#pragma once

#include <memory>
#include <string>

#include "normlab/kernels/convolution.h"
#include "normlab/nn/layer.h"
#include "normlab/nn/layer_text.h"
#include "normlab/nn/options.h"

namespace normlab {

/// A square convolution over NHWC images, weights in PyTorch's order. Runs as a RowStage, or, a
/// network's first with a maximum pooling behind it, as a PooledConv.
class Conv : public Layer {
 public:
  static constexpr std::string_view kUsage = "conv CHANNELS KxK [stride S] [pad P|same] [bias off]";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&);

  struct Geometry {
    std::int64_t channels = 0;
    std::int64_t kernel = 1;
    std::int64_t stride = 1;
    std::int64_t padding = 0;
  };
  Conv(const Geometry& geometry, bool has_bias) : geometry_(geometry), has_bias_(has_bias) {}

  std::string text() const override;
  LayerRole role() const override { return LayerRole::producer; }
  Shape output(const Shape& input) const override;
  double flops(const Shape& input) const override;
  std::unique_ptr<Stage> make_stage(const StageParts& parts) const override;
  bool can_pool(const StageParts& parts) const override;

 private:
  kernels::ConvolutionShape shape(const Shape& input) const;

  Geometry geometry_;
  bool has_bias_;
};

}  // namespace normlab
