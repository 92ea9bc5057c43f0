#pragma once

#include "normlab/nn/epilogue.h"
#include "normlab/nn/linear_products.h"
#include "normlab/nn/stage.h"

namespace normlab {

/// A linear layer with what runs behind it; W is kept as (in, out), the transpose of PyTorch's.
/// Forward work is cut into blocks of outputs, each followed at once by the epilogue over the whole
/// batch; backward work into blocks of inputs.
class DenseStage : public Stage {
 public:
  DenseStage(const StageParts& parts, bool has_bias);

  void plan(Planner& planner) override;
  const float* forward(const Pass& pass, const float* x, const float* addend) override;
  float* backward(const Pass& pass, float* dy, const float* also) override;
  const LayerNode* find_non_finite(const Pass& pass) const override;

 private:
  void plan_parameters(Planner& planner);
  void forward_in_parts(const Pass& pass, Matrix z);
  void backward_block(const Pass& pass, Range block, int worker, const float* also);

  std::int64_t inputs_;
  std::int64_t units_;
  bool has_bias_;
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
