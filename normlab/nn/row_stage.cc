#include "normlab/nn/row_stage.h"

#include <utility>

#include "normlab/kernels/activation.h"
#include "normlab/nn/piece_size.h"

namespace normlab {

RowStage::RowStage(const StageParts& parts, std::unique_ptr<RowProducer> producer)
    : Stage(parts),
      producer_(std::move(producer)),
      epilogue_(parts),
      input_size_(parts.input_shape().size()),
      output_size_(parts.shape().size()) {}

void RowStage::plan(Planner& planner) {
  examples_per_piece_ = examples_per_piece(output_size_, planner.max_examples());
  if (producer_ != nullptr) {
    const bool drops_bias = planner.options().redundant_bias == RedundantBias::drop;
    producer_->plan(planner, examples_per_piece_,
                    !(drops_bias && epilogue_.makes_bias_redundant()));
  }
  epilogue_.plan(planner, examples_per_piece_, producer_ == nullptr ? nullptr : producer_->bias());
  input_gradient_ = planner.input_gradient();
  if (producer_ == nullptr) return;
  planner.keep_input();
  if (!input_gradient_) return;
  planner.reserve_input_gradient(dx_, planner.max_examples() * input_size_,
                                 Planner::Overwrites::input);
}

void RowStage::borrow(Epilogue& before, std::int64_t max_examples) {
  if (producer_ == nullptr) return;
  before.lend_to_next(examples_per_piece_, max_examples);
  before_ = &before;
}

const float* RowStage::forward(const Pass& pass, const float* x, const float* addend) {
  x_ = x;
  if (producer_ != nullptr) producer_->begin_forward(pass);
  epilogue_.begin_forward(pass, producer_ == nullptr ? x : epilogue_.z(), addend);
  const Pieces pieces{pass.examples, examples_per_piece_};
  const bool finishes = before_ != nullptr && before_->unfinished();
  pass.team.run(pieces.count(), [&](std::int64_t piece, int worker) {
    const Range examples = pieces.range(piece);
    if (finishes) before_->finish_forward_examples(examples);
    if (producer_ != nullptr) {
      producer_->forward(pass, epilogue_.z() + examples.first * output_size_,
                         x + examples.first * input_size_, examples, worker);
    }
    epilogue_.forward_rows(pass, piece);
  });
  if (finishes) before_->set_finished();
  if (epilogue_.needs_merge(pass)) {
    epilogue_.merge_forward(pass);
    if (!epilogue_.leave_to_next(pass)) {
      pass.team.run(pieces.count(),
                    [&](std::int64_t piece) { epilogue_.finish_forward_rows(piece); });
    }
  }
  return epilogue_.output();
}

float* RowStage::backward(const Pass& pass, float* dy, const float* also) {
  const Pieces pieces{pass.examples, examples_per_piece_};
  const bool with_producer = producer_ != nullptr;
  float* dz = epilogue_.begin_backward(pass, dy);
  float* dx = with_producer ? dx_.data : dz;
  const bool wants_dz = with_producer || input_gradient_ || parts().sum != nullptr;
  if (with_producer) producer_->begin_backward(pass, input_gradient_);
  if (epilogue_.has_norm()) {
    if (!epilogue_.take_reduced()) {
      pass.team.run(pieces.count(), [&](std::int64_t piece) { epilogue_.backward_rows(piece); });
    }
    epilogue_.merge_backward(pass);
  }
  const bool reduces =
      before_ != nullptr && input_gradient_ && before_->begin_reduced_backward(pass, dx);
  pass.team.run(pieces.count(), [&](std::int64_t piece, int worker) {
    const Range examples = pieces.range(piece);
    if (wants_dz) epilogue_.finish_backward_rows(piece);
    const std::int64_t first = examples.first * input_size_;
    const float* dz_here = dz + examples.first * output_size_;
    if (with_producer) {
      producer_->backward_weights(x_ + first, dz_here, examples, piece, worker);
    }
    if (!input_gradient_) return;
    if (with_producer) producer_->backward_input(dx + first, dz_here, examples, worker);
    if (also != nullptr) {
      const std::int64_t count = examples.count * input_size_;
      const Matrix here{dx + first, 1, count, count};
      kernels::add_activation_forward(here, here, {also + first, 1, count, count}, {});
    }
    if (reduces) before_->backward_examples(examples);
  });
  epilogue_.end_backward(pass);
  if (with_producer) producer_->end_backward(pass, pieces.count());
  return input_gradient_ ? dx : nullptr;
}

const LayerNode* RowStage::find_non_finite(const Pass&) const {
  return epilogue_.find_non_finite();
}

}  // namespace normlab
