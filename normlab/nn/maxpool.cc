#include "normlab/nn/maxpool.h"

namespace normlab {

std::unique_ptr<Layer> MaxPool::parse(LayerText& text, const NetworkOptions&) {
  return std::make_unique<MaxPool>(parse_window(text));
}

Shape MaxPool::plan(Planner& planner, const Shape& input) {
  const Shape output = PoolLayer::plan(planner, input);
  planner.reserve(argmax_, planner.max_examples() * output.size());
  return output;
}

Shape MaxPool::plan_inside(Planner& planner, const Shape& input) {
  return left_to_producer_ ? set_shape(input) : plan(planner, input);
}

void MaxPool::forward_examples(float* y, const float* x, Range examples) {
  kernels::maxpool_forward(y, argmax_.data + examples.first * shape().output_size(), x,
                           examples.count, shape());
}

void MaxPool::backward_examples(float* dx, const float* dy, Range examples) {
  kernels::maxpool_backward(dx, dy, argmax_.data + examples.first * shape().output_size(),
                            examples.count, shape());
}

}  // namespace normlab
