#include "normlab/nn/channelwise_layer.h"

#include "normlab/nn/piece_size.h"

namespace normlab {

Epilogue& ChannelwiseLayer::epilogue() {
  if (!started_) {
    started_ = true;
    epilogue_.absorb(*this);
  }
  return epilogue_;
}

bool ChannelwiseLayer::absorb(Layer& next) {
  return epilogue().absorb(next);
}

Shape ChannelwiseLayer::plan(Planner& planner, const Shape& input) {
  input_gradient_ = planner.input_gradient();
  epilogue().plan(planner,
                  {.shape = input,
                   .examples_per_piece = examples_per_piece(input.size(), planner.max_examples()),
                   .has_producer = false,
                   .bias = nullptr});
  return input;
}

const float* ChannelwiseLayer::forward(const Pass& pass, const float* x) {
  epilogue_.begin(pass, x);
  const std::int64_t pieces = epilogue_.rows().count();
  pass.pool.run(pieces, [&](std::int64_t piece) { epilogue_.forward_rows(pass, piece); });
  if (epilogue_.needs_merge(pass)) {
    epilogue_.merge_forward();
    pass.pool.run(pieces, [&](std::int64_t piece) { epilogue_.finish_forward_rows(piece); });
  }
  return epilogue_.output();
}

float* ChannelwiseLayer::backward(const Pass& pass, float* dy) {
  const std::int64_t pieces = epilogue_.rows().count();
  if (epilogue_.has_norm()) {
    pass.pool.run(pieces, [&](std::int64_t piece) { epilogue_.backward_rows(dy, piece); });
    epilogue_.merge_backward(pass);
  }
  if (!input_gradient_) return nullptr;
  pass.pool.run(pieces, [&](std::int64_t piece) { epilogue_.finish_backward_rows(dy, piece); });
  return dy;
}

std::string ChannelwiseLayer::find_non_finite(const Pass&) const {
  return epilogue_.find_non_finite(label());
}

}  // namespace normlab
