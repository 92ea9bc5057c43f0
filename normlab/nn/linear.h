#pragma once

#include <memory>
#include <string>

#include "normlab/nn/epilogue.h"
#include "normlab/nn/layer_text.h"
#include "normlab/nn/linear_products.h"

namespace normlab {

/// y = x W + b over flat inputs; W is kept as (in, out), the transpose of PyTorch's. Forward work
/// is cut into blocks of outputs, each followed at once by the epilogue over the whole batch;
/// backward work into blocks of inputs.
class Linear : public Layer {
 public:
  static constexpr std::string_view kUsage = "linear UNITS";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions& options);

  Linear(std::int64_t units, RedundantBias redundant_bias)
      : units_(units), redundant_bias_(redundant_bias) {}

  std::string text() const override;
  bool absorb(Layer& next) override { return epilogue_.absorb(next); }
  Shape plan(Planner& planner, const Shape& input) override;
  double flops() const override;
  const float* forward(const Pass& pass, const float* x) override;
  float* backward(const Pass& pass, float* dy) override;
  std::string find_non_finite(const Pass&) const override;

 private:
  void forward_in_parts(const Pass& pass, Matrix z);

  std::int64_t units_;
  RedundantBias redundant_bias_;
  std::int64_t inputs_ = 0;
  bool input_gradient_ = false;
  ParameterSlice weight_;
  ParameterSlice bias_;
  ArenaSlice<float> dx_;
  ArenaSlice<float> forward_parts_;   ///< where the inputs are cut into parts
  ArenaSlice<float> given_gradient_;  ///< a block for each worker, on its way to a GradientSink
  LinearProducts products_;
  Epilogue epilogue_;
};

}  // namespace normlab
