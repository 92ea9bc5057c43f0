#include "normlab/nn/avgpool.h"

namespace normlab {

std::unique_ptr<Layer> AvgPool::parse(LayerText& text, const NetworkOptions&) {
  return std::make_unique<AvgPool>(parse_window(text));
}

void AvgPool::forward_examples(float* y, const float* x, Range examples) {
  kernels::avgpool_forward(y, x, examples.count, shape());
}

void AvgPool::backward_examples(float* dx, const float* dy, Range examples) {
  kernels::avgpool_backward(dx, dy, examples.count, shape());
}

}  // namespace normlab
