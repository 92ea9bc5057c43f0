#include "normlab/nn/pool_layer.h"

#include "normlab/base/error.h"
#include "normlab/kernels/optimizer.h"
#include "normlab/nn/piece_size.h"

namespace normlab {
namespace {

/// A position in the window is kept in one byte.
constexpr std::int64_t kMaxWindow = 15;

}  // namespace

PoolLayer::Window PoolLayer::parse_window(LayerText& text) {
  Window window;
  window.size = text.kernel(kMaxWindow);
  window.stride = text.take("stride") ? text.integer("a stride", 1, 1000) : window.size;
  text.end();
  return window;
}

std::string PoolLayer::window_text() const {
  return window_.stride == window_.size ? fmt::format("{}", window_.size)
                                        : fmt::format("{} stride {}", window_.size, window_.stride);
}

Shape PoolLayer::set_shape(const Shape& input) {
  if (input.flat)
    fail("expects an image, got a flat input of {}; put it before 'flatten'", input.size());
  if (input.height < window_.size || input.width < window_.size) {
    fail("a window of {0}x{0} does not fit into {1}", window_.size, to_string(input));
  }
  shape_ = {.height = input.height,
            .width = input.width,
            .channels = input.channels,
            .window = window_.size,
            .stride = window_.stride};
  return {shape_.output_height(), shape_.output_width(), input.channels};
}

Shape PoolLayer::plan(Planner& planner, const Shape& input) {
  const Shape output = set_shape(input);
  input_gradient_ = planner.input_gradient();
  examples_per_piece_ = examples_per_piece(input.size(), planner.max_examples());
  planner.reserve(y_, planner.max_examples() * shape_.output_size());
  if (input_gradient_) planner.reserve_input_gradient(dx_, planner.max_examples() * input.size());
  return output;
}

const float* PoolLayer::forward(const Pass& pass, const float* x) {
  const Pieces pieces{pass.examples, examples_per_piece_};
  pass.pool.run(pieces.count(), [&](std::int64_t piece) {
    const Range examples = pieces.range(piece);
    forward_examples(y_.data + examples.first * shape_.output_size(),
                     x + examples.first * shape_.input_size(), examples);
  });
  return y_.data;
}

float* PoolLayer::backward(const Pass& pass, float* dy) {
  if (!input_gradient_) return nullptr;
  const Pieces pieces{pass.examples, examples_per_piece_};
  pass.pool.run(pieces.count(), [&](std::int64_t piece) {
    const Range examples = pieces.range(piece);
    backward_examples(dx_.data + examples.first * shape_.input_size(),
                      dy + examples.first * shape_.output_size(), examples);
  });
  return dx_.data;
}

std::string PoolLayer::find_non_finite(const Pass& pass) const {
  const auto count = static_cast<std::size_t>(pass.examples * shape_.output_size());
  return kernels::all_finite(y_.data, count) ? std::string() : label();
}

}  // namespace normlab
