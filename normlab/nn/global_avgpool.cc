#include "normlab/nn/global_avgpool.h"

#include "normlab/base/error.h"
#include "normlab/base/pieces.h"
#include "normlab/kernels/optimizer.h"
#include "normlab/kernels/pooling.h"
#include "normlab/nn/piece_size.h"

namespace normlab {

std::unique_ptr<Layer> GlobalAvgPool::parse(LayerText& text, const NetworkOptions&) {
  text.end();
  return std::make_unique<GlobalAvgPool>();
}

Shape GlobalAvgPool::plan(Planner& planner, const Shape& input) {
  if (input.flat)
    fail("expects an image, got a flat input of {}; put it before 'flatten'", input.size());
  input_ = input;
  input_gradient_ = planner.input_gradient();
  examples_per_piece_ = examples_per_piece(input.size(), planner.max_examples());
  planner.reserve(y_, planner.max_examples() * input.channels);
  if (input_gradient_) planner.reserve_input_gradient(dx_, planner.max_examples() * input.size());
  return {1, 1, input.channels};
}

const float* GlobalAvgPool::forward(const Pass& pass, const float* x) {
  const Pieces pieces{pass.examples, examples_per_piece_};
  pass.pool.run(pieces.count(), [&](std::int64_t piece) {
    const Range examples = pieces.range(piece);
    kernels::global_avgpool_forward(y_.data + examples.first * input_.channels,
                                    x + examples.first * input_.size(), examples.count,
                                    input_.positions(), input_.channels);
  });
  return y_.data;
}

float* GlobalAvgPool::backward(const Pass& pass, float* dy) {
  if (!input_gradient_) return nullptr;
  const Pieces pieces{pass.examples, examples_per_piece_};
  pass.pool.run(pieces.count(), [&](std::int64_t piece) {
    const Range examples = pieces.range(piece);
    kernels::global_avgpool_backward(dx_.data + examples.first * input_.size(),
                                     dy + examples.first * input_.channels, examples.count,
                                     input_.positions(), input_.channels);
  });
  return dx_.data;
}

std::string GlobalAvgPool::find_non_finite(const Pass& pass) const {
  const auto count = static_cast<std::size_t>(pass.examples * input_.channels);
  return kernels::all_finite(y_.data, count) ? std::string() : label();
}

}  // namespace normlab
