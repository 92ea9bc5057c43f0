#include "normlab/nn/global_avgpool.h"

#include "normlab/base/error.h"
#include "normlab/kernels/pooling.h"
#include "normlab/nn/pool_layer.h"

namespace normlab {
namespace {

class GlobalAvgPoolStage : public PoolStage {
 public:
  explicit GlobalAvgPoolStage(const StageParts& parts)
      : PoolStage(parts, parts.input_shape().size(), parts.input_shape().channels),
        input_(parts.input_shape()) {}

 private:
  void forward_examples(float* y, const float* x, Range examples) override {
    kernels::global_avgpool_forward(y, x, examples.count, input_.positions(), input_.channels);
  }
  void backward_examples(float* dx, const float* dy, Range examples) override {
    kernels::global_avgpool_backward(dx, dy, examples.count, input_.positions(), input_.channels);
  }

  Shape input_;
};

}  // namespace

std::unique_ptr<Layer> GlobalAvgPool::parse(LayerText& text, const NetworkOptions&) {
  text.end();
  return std::make_unique<GlobalAvgPool>();
}

Shape GlobalAvgPool::output(const Shape& input) const {
  if (input.flat)
    fail("expects an image, got a flat input of {}; put it before 'flatten'", input.size());
  return {1, 1, input.channels};
}

std::unique_ptr<Stage> GlobalAvgPool::make_stage(const StageParts& parts) const {
  return std::make_unique<GlobalAvgPoolStage>(parts);
}

}  // namespace normlab
