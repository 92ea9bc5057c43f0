#include "normlab/nn/pool_layer.h"

#include "normlab/base/error.h"
#include "normlab/kernels/optimizer.h"
#include "normlab/nn/piece_size.h"

namespace normlab {
namespace {

/// A position in the window is kept in one byte.
constexpr std::int64_t kMaxWindow = 15;

}  // namespace

Layer::PoolWindow PoolLayer::parse_window(LayerText& text) {
  PoolWindow window;
  window.size = text.kernel(kMaxWindow);
  window.stride = text.take("stride") ? text.integer("a stride", 1, 1000) : window.size;
  text.end();
  return window;
}

std::string PoolLayer::window_text() const {
  return window_.stride == window_.size ? fmt::format("{}", window_.size)
                                        : fmt::format("{} stride {}", window_.size, window_.stride);
}

kernels::PoolShape PoolLayer::pool_shape(const Shape& input) const {
  return {.height = input.height,
          .width = input.width,
          .channels = input.channels,
          .window = window_.size,
          .stride = window_.stride};
}

Shape PoolLayer::output(const Shape& input) const {
  if (input.flat)
    fail("expects an image, got a flat input of {}; put it before 'flatten'", input.size());
  if (input.height < window_.size || input.width < window_.size) {
    fail("a window of {0}x{0} does not fit into {1}", window_.size, to_string(input));
  }
  const kernels::PoolShape shape = pool_shape(input);
  return {shape.output_height(), shape.output_width(), input.channels};
}

void PoolStage::plan(Planner& planner) {
  input_gradient_ = planner.input_gradient();
  examples_per_piece_ = examples_per_piece(input_size_, planner.max_examples());
  planner.reserve_output(y_, planner.max_examples() * output_size_);
  if (!input_gradient_) return;
  planner.reserve_input_gradient(dx_, planner.max_examples() * input_size_,
                                 Planner::Overwrites::input);
}

const float* PoolStage::forward(const Pass& pass, const float* x, const float*) {
  const Pieces pieces{pass.examples, examples_per_piece_};
  pass.team.run(pieces.count(), [&](std::int64_t piece) {
    const Range examples = pieces.range(piece);
    forward_examples(y_.data + examples.first * output_size_, x + examples.first * input_size_,
                     examples);
  });
  return y_.data;
}

float* PoolStage::backward(const Pass& pass, float* dy, const float* also) {
  if (!input_gradient_) return nullptr;
  const Pieces pieces{pass.examples, examples_per_piece_};
  pass.team.run(pieces.count(), [&](std::int64_t piece) {
    const Range examples = pieces.range(piece);
    backward_examples(dx_.data + examples.first * input_size_, dy + examples.first * output_size_,
                      examples);
  });
  if (also != nullptr) add_gradient(pass, dx_.data, also, pass.examples * input_size_);
  return dx_.data;
}

const LayerNode* PoolStage::find_non_finite(const Pass& pass) const {
  const auto count = static_cast<std::size_t>(pass.examples * output_size_);
  return kernels::all_finite(y_.data, count) ? nullptr : &parts().head();
}

}  // namespace normlab
