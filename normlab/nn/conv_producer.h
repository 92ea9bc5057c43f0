#pragma once

#include <optional>

#include "normlab/kernels/convolution.h"
#include "normlab/nn/row_stage.h"

namespace normlab {

/// The parameters of a convolution.
struct ConvParameters {
  ParameterSlice weight;
  ParameterSlice bias;
  bool has_bias = true;

  void plan(Planner& planner, const LayerNode& node, const kernels::ConvolutionShape& shape);
};

/// oneDNN's convolution as a RowProducer. Each piece's share of the weights' gradient is kept apart
/// and the shares are added along a fixed tree.
class ConvProducer : public RowProducer {
 public:
  ConvProducer(const LayerNode& node, const kernels::ConvolutionShape& shape, bool has_bias);

  void plan(Planner& planner, std::int64_t examples_per_piece, bool keep_bias) override;
  const ParameterSlice* bias() const override;
  void begin_forward(const Pass& pass) override;
  void forward(const Pass& pass, float* z, const float* x, Range examples, int worker) override;
  void begin_backward(const Pass& pass, bool input_gradient) override;
  void backward_weights(const float* x, const float* dz, Range examples, std::int64_t piece,
                        int worker) override;
  void backward_input(float* dx, const float* dz, Range examples, int worker) override;
  void end_backward(const Pass& pass, std::int64_t pieces) override;

 private:
  const LayerNode& node_;
  kernels::ConvolutionShape shape_;
  ConvParameters parameters_;
  std::optional<kernels::Convolution> convolution_;
  ArenaSlice<float> packed_forward_;
  ArenaSlice<float> packed_backward_;
  ArenaSlice<float> gradient_parts_;
};

}  // namespace normlab
