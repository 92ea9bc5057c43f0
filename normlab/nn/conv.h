#pragma once

#include <memory>
#include <optional>
#include <string>

#include "normlab/kernels/convolution.h"
#include "normlab/nn/epilogue.h"
#include "normlab/nn/layer_text.h"
#include "normlab/nn/maxpool.h"
#include "normlab/nn/pooled_conv.h"

namespace normlab {

/// A square convolution over NHWC images, weights in PyTorch's order. Work is cut into pieces of
/// whole examples; each piece's share of the weights' gradient is kept apart and the shares are
/// added in order.
class Conv : public Layer {
 public:
  static constexpr std::string_view kUsage = "conv CHANNELS KxK [stride S] [pad P|same]";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions& options);

  struct Geometry {
    std::int64_t channels = 0;
    std::int64_t kernel = 1;
    std::int64_t stride = 1;
    std::int64_t padding = 0;
  };
  Conv(const Geometry& geometry, RedundantBias redundant_bias)
      : geometry_(geometry), redundant_bias_(redundant_bias) {}

  std::string text() const override;
  bool absorb(Layer& next) override;
  Shape plan(Planner& planner, const Shape& input) override;
  double flops() const override;
  const float* forward(const Pass& pass, const float* x) override;
  float* backward(const Pass& pass, float* dy) override;
  std::string find_non_finite(const Pass& pass) const override;

 private:
  void plan_parameters(Planner& planner);
  void merge_weight_gradient(std::int64_t pieces);

  Geometry geometry_;
  RedundantBias redundant_bias_;
  kernels::ConvolutionShape shape_;
  bool input_gradient_ = false;
  bool has_bias_ = true;
  std::optional<kernels::Convolution> convolution_;
  std::int64_t examples_per_piece_ = 0;
  ParameterSlice weight_;
  ParameterSlice bias_;
  ArenaSlice<float> packed_forward_;
  ArenaSlice<float> packed_backward_;
  ArenaSlice<float> gradient_parts_;
  ArenaSlice<float> dx_;
  Epilogue epilogue_;
  MaxPool* pool_ = nullptr;           ///< absorbed; runs behind the epilogue, or in `pooled_`
  std::optional<PooledConv> pooled_;  ///< where it applies it does everything
  const float* x_ = nullptr;          ///< input of the latest forward pass
};

}  // namespace normlab
