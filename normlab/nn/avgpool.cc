#include "normlab/nn/avgpool.h"

namespace normlab {
namespace {

class AvgPoolStage : public PoolStage {
 public:
  AvgPoolStage(const StageParts& parts, const kernels::PoolShape& shape)
      : PoolStage(parts, shape.input_size(), shape.output_size()), shape_(shape) {}

 private:
  void forward_examples(float* y, const float* x, Range examples) override {
    kernels::avgpool_forward(y, x, examples.count, shape_);
  }
  void backward_examples(float* dx, const float* dy, Range examples) override {
    kernels::avgpool_backward(dx, dy, examples.count, shape_);
  }

  kernels::PoolShape shape_;
};

}  // namespace

std::unique_ptr<Layer> AvgPool::parse(LayerText& text, const NetworkOptions&) {
  return std::make_unique<AvgPool>(parse_window(text));
}

std::unique_ptr<Stage> AvgPool::make_stage(const StageParts& parts) const {
  return std::make_unique<AvgPoolStage>(parts, pool_shape(parts.input_shape()));
}

}  // namespace normlab
