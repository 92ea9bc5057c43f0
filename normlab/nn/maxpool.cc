#include "normlab/nn/maxpool.h"

namespace normlab {
namespace {

class MaxPoolStage : public PoolStage {
 public:
  MaxPoolStage(const StageParts& parts, const kernels::PoolShape& shape)
      : PoolStage(parts, shape.input_size(), shape.output_size()), shape_(shape) {}

  void plan(Planner& planner) override {
    PoolStage::plan(planner);
    planner.reserve(argmax_, planner.max_examples() * shape_.output_size(), Lifetime::step);
  }

 private:
  void forward_examples(float* y, const float* x, Range examples) override {
    kernels::maxpool_forward(y, argmax_.data + examples.first * shape_.output_size(), x,
                             examples.count, shape_);
  }
  void backward_examples(float* dx, const float* dy, Range examples) override {
    kernels::maxpool_backward(dx, dy, argmax_.data + examples.first * shape_.output_size(),
                              examples.count, shape_);
  }

  kernels::PoolShape shape_;
  ArenaSlice<std::uint8_t> argmax_;
};

}  // namespace

std::unique_ptr<Layer> MaxPool::parse(LayerText& text, const NetworkOptions&) {
  return std::make_unique<MaxPool>(parse_window(text));
}

std::unique_ptr<Stage> MaxPool::make_stage(const StageParts& parts) const {
  return std::make_unique<MaxPoolStage>(parts, pool_shape(parts.input_shape()));
}

}  // namespace normlab
