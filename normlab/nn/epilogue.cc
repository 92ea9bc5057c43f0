#include "normlab/nn/epilogue.h"

#include <span>

#include "normlab/base/tree.h"
#include "normlab/kernels/activation.h"
#include "normlab/kernels/norm.h"
#include "normlab/kernels/optimizer.h"

namespace normlab {

Epilogue::Epilogue(const StageParts& parts) : parts_(parts) {
  if (parts.norm != nullptr) norm_ = parts.norm->layer->make_norm();
}

bool Epilogue::makes_bias_redundant() const {
  return norm_ != nullptr && norm_->removes_bias() && parts_.before == nullptr;
}

/// Without a norm or a sum, the output is what is behind `before`; see begin_forward.
void Epilogue::plan_output(Planner& planner, std::int64_t floats) {
  const bool activated_apart =
      parts_.before != nullptr && (!has_producer() || before().derivative_needs_input());
  const bool has_output = norm_ != nullptr || has_sum();
  // In place where nothing on the way back reads what it overwrites.
  const bool sums_in_place = has_sum() && norm_ == nullptr && has_producer() && !parts_.before;
  if (has_producer()) {
    const bool is_output = !activated_apart && (!has_output || sums_in_place);
    if (is_output) {
      planner.reserve_output(z_, floats);
    } else {
      planner.reserve(z_, floats, Lifetime::step);
    }
  }
  if (activated_apart) {
    if (has_output) {
      planner.reserve(activated_store_, floats, Lifetime::step);
    } else {
      planner.reserve_output(activated_store_, floats);
    }
  }
  if (has_output && !sums_in_place) planner.reserve_output(output_store_, floats);
}

void Epilogue::plan(Planner& planner, std::int64_t examples_per_piece, const ParameterSlice* bias) {
  const Shape shape = parts_.shape();
  channels_ = shape.matrix_channels();
  positions_ = shape.positions();
  examples_per_piece_ = examples_per_piece;
  bias_ = bias;
  adds_bias_ = bias_ != nullptr && !makes_bias_redundant();

  const std::int64_t pieces = Pieces{planner.max_examples(), examples_per_piece_}.count();
  const std::int64_t floats = planner.max_examples() * shape.size();
  plan_output(planner, floats);
  if (norm_ != nullptr) {
    if (has_sum()) planner.keep_addend_for_next();
    if (kernels::norm_backward_reads_output(after(), has_sum())) planner.keep_output();
    norm_->plan(planner, *parts_.norm, pieces, makes_bias_redundant() ? bias : nullptr);
  } else if (parts_.before != nullptr || parts_.after != nullptr) {
    planner.keep_output();
  }
  // What reads the norm's input on the way back, or the activation's where it is the stage's own.
  const bool reads_input = norm_ != nullptr || before().derivative_needs_input();
  if (!has_producer() && reads_input) planner.keep_input();
  if (has_sum() && (norm_ != nullptr || parts_.before != nullptr || !has_producer())) {
    if (has_producer()) {
      planner.reserve(dz_store_, floats, Lifetime::backward);
    } else {
      planner.reserve_input_gradient(dz_store_, floats, Planner::Overwrites::nothing);
    }
  } else if (!has_producer()) {
    planner.pass_gradient_on();
  }
  if (bias_ != nullptr) planner.reserve(bias_parts_, pieces * channels_, Lifetime::backward);
}

LayerTimes::Inside Epilogue::time(const LayerNode* node, Way way, int threads) const {
  return {times_, node->index, way, threads};
}

void Epilogue::begin_forward(const Pass& pass, const float* input, const float* addend) {
  unfinished_ = false;
  reduced_ = false;
  times_ = pass.times;
  threads_ = pass.team.threads();
  bias_has_gradient_ = bias_ != nullptr && (adds_bias_ || !pass.batch_statistics());
  rows_ = {pass.examples * positions_, examples_per_piece_ * positions_};
  input_ = input;
  addend_ = addend;
  activated_ = activated_store_.data != nullptr ? activated_store_.data : z_.data;
  norm_input_ = parts_.before == nullptr && !adds_bias_ ? input_ : activated_;
  made_ = output_store_.data != nullptr ? output_store_.data : z_.data;
  output_ = norm_ != nullptr || has_sum() ? made_ : norm_input_;
  if (norm_ != nullptr) norm_->begin(pass);
}

/// Bias and the activation before the norm.
void Epilogue::activate(Range rows, Range channels) {
  const Matrix activated = view(activated_, rows, channels);
  const ConstMatrix input = view(input_, rows, channels);
  if (adds_bias_ && before().derivative_needs_input()) {
    // The way back needs the sum, so it is kept where the producer wrote.
    const Matrix z = view(z_.data, rows, channels);
    kernels::bias_activation_forward(z, input, bias_->value + channels.first, {});
    kernels::activation_forward(activated, z, before());
  } else if (adds_bias_) {
    kernels::bias_activation_forward(activated, input, bias_->value + channels.first, before());
  } else if (parts_.before != nullptr) {
    kernels::activation_forward(activated, input, before());
  }
}

void Epilogue::add(Range rows, Range channels) {
  const LayerTimes::Inside timer = time(parts_.sum, Way::forward, threads_);
  kernels::add_activation_forward(view(made_, rows, channels), view(norm_input_, rows, channels),
                                  view(addend_, rows, channels), after());
}

void Epilogue::forward_part(const Pass& pass, Range rows, Range channels, std::int64_t piece) {
  if (parts_.before != nullptr) {
    const LayerTimes::Inside timer = time(parts_.before, Way::forward, threads_);
    activate(rows, channels);
  } else if (adds_bias_) {
    activate(rows, channels);
  }
  if (norm_ == nullptr) {
    if (has_sum()) add(rows, channels);
  } else if (norm_->needs_statistics(pass)) {
    const LayerTimes::Inside timer = time(parts_.norm, Way::forward, threads_);
    norm_->partial_moments(view(norm_input_, rows, channels), channels, piece);
  } else {
    finish_forward_part(rows, channels);
  }
}

void Epilogue::finish_forward_part(Range rows, Range channels) {
  const LayerTimes::Inside timer = time(parts_.norm, Way::forward, threads_);
  const ConstMatrix addend = has_sum() ? view(addend_, rows, channels) : ConstMatrix{};
  norm_->apply(view(made_, rows, channels), view(norm_input_, rows, channels), addend, channels,
               after());
}

bool Epilogue::needs_merge(const Pass& pass) const {
  return norm_ != nullptr && norm_->needs_statistics(pass);
}

void Epilogue::forward_channels(const Pass& pass, Range channels) {
  const Range all{0, rows_.total};
  forward_part(pass, all, channels, 0);
  if (!needs_merge(pass)) return;
  {
    const LayerTimes::Inside timer = time(parts_.norm, Way::forward, threads_);
    norm_->merge_moments(pass, channels, {rows_.total, rows_.total});
  }
  finish_forward_part(all, channels);
}

void Epilogue::forward_rows(const Pass& pass, std::int64_t piece) {
  forward_part(pass, rows_.range(piece), all_channels(), piece);
}
void Epilogue::merge_forward(const Pass& pass) {
  const LayerTimes::Inside timer = time(parts_.norm, Way::forward, 1);
  norm_->share_partial(pass.team, rows_);
  norm_->merge_moments(pass, all_channels(), rows_);
}
void Epilogue::finish_forward_rows(std::int64_t piece) {
  finish_forward_part(rows_.range(piece), all_channels());
}

void Epilogue::lend_to_next(std::int64_t examples_per_piece, std::int64_t max_examples) {
  // Partial sums are of this stage's own pieces, which must not be cut.
  lent_to_next_ = norm_ != nullptr && (examples_per_piece % examples_per_piece_ == 0 ||
                                       examples_per_piece >= max_examples);
}

bool Epilogue::leave_to_next(const Pass& pass) {
  unfinished_ = lent_to_next_ && !pass.stage_by_stage();
  return unfinished_;
}

void Epilogue::finish_forward_examples(Range examples) {
  finish_forward_part({examples.first * positions_, examples.count * positions_}, all_channels());
}

bool Epilogue::begin_reduced_backward(const Pass& pass, float* dy) {
  if (!lent_to_next_) return false;
  begin_backward(pass, dy);
  reduced_ = true;
  return true;
}

void Epilogue::backward_examples(Range examples) {
  const std::int64_t first = examples.first / examples_per_piece_;
  const std::int64_t count = Pieces{examples.count, examples_per_piece_}.count();
  for (std::int64_t piece = first; piece < first + count; ++piece) backward_rows(piece);
}

float* Epilogue::begin_backward(const Pass& pass, float* dy) {
  times_ = pass.times;
  dy_ = dy;
  dz_ = dz_store_.data != nullptr ? dz_store_.data : dy;
  return dz_;
}

Norm::Seen Epilogue::seen(Range rows, Range channels) const {
  return {.x = view(norm_input_, rows, channels),
          .y = view(output_, rows, channels),
          .activation = after(),
          .after_sum = has_sum() && parts_.after != nullptr,
          .behind_relu = norm_takes_relu()};
}

void Epilogue::reduce_part(Range rows, Range channels, std::int64_t piece) {
  const LayerTimes::Inside timer = time(parts_.norm, Way::backward, threads_);
  norm_->partial_gradients(view(dy_, rows, channels), seen(rows, channels), channels, piece);
}

void Epilogue::finish_backward_part(Range rows, Range channels, std::int64_t piece) {
  const Matrix dy = view(dy_, rows, channels);
  const Matrix dz = view(dz_, rows, channels);
  ConstMatrix gradient = dy;  // at the output of what comes next on the way back
  if (norm_ != nullptr) {
    const LayerTimes::Inside timer = time(parts_.norm, Way::backward, threads_);
    norm_->apply_backward(dz, dy, seen(rows, channels), channels);
    gradient = dz;
  } else if (parts_.after != nullptr) {
    const LayerTimes::Inside timer = time(parts_.sum, Way::backward, threads_);
    kernels::activation_backward(dy, dy, view(output_, rows, channels), after());
  }
  if (parts_.before != nullptr && !norm_takes_relu()) {
    const LayerTimes::Inside timer = time(parts_.before, Way::backward, threads_);
    const float* saved = before().derivative_needs_input() ? input_ : activated_;
    kernels::activation_backward(dz, gradient, view(saved, rows, channels), before());
  } else if (norm_ == nullptr && dz_ != dy_) {
    kernels::activation_forward(dz, dy, {});
  }
  if (bias_has_gradient_) {
    double* sums = bias_parts_.data + piece * channels_ + channels.first;
    kernels::column_sums({sums, static_cast<std::size_t>(channels.count)}, dz);
  }
}

void Epilogue::backward_channels(const Pass& pass, Range channels) {
  const Range all{0, rows_.total};
  if (norm_ != nullptr) {
    reduce_part(all, channels, 0);
    const LayerTimes::Inside timer = time(parts_.norm, Way::backward, threads_);
    norm_->merge_gradients(pass, channels, {rows_.total, rows_.total});
  }
  finish_backward_part(all, channels, 0);
}

void Epilogue::backward_rows(std::int64_t piece) {
  reduce_part(rows_.range(piece), all_channels(), piece);
}
void Epilogue::merge_backward(const Pass& pass) {
  const LayerTimes::Inside timer = time(parts_.norm, Way::backward, 1);
  norm_->share_partial(pass.team, rows_);
  norm_->merge_gradients(pass, all_channels(), rows_);
}
void Epilogue::finish_backward_rows(std::int64_t piece) {
  finish_backward_part(rows_.range(piece), all_channels(), piece);
}

void Epilogue::end_backward(const Pass& pass) {
  if (norm_ != nullptr) norm_->end_backward();
  if (bias_ == nullptr) return;
  if (bias_has_gradient_) {
    const auto count = static_cast<std::size_t>(rows_.count() * channels_);
    pass.team.share(std::as_writable_bytes(std::span(bias_parts_.data, count)), {rows_.count(), 1});
    merge_tree(rows_.count(), [&](std::int64_t into, std::int64_t from) {
      for (std::int64_t c = 0; c < channels_; ++c) {
        bias_parts_.data[into * channels_ + c] += bias_parts_.data[from * channels_ + c];
      }
    });
  }
  for (std::int64_t c = 0; c < channels_; ++c) {
    bias_->gradient[c] = bias_has_gradient_ ? static_cast<float>(bias_parts_.data[c]) : 0;
  }
}

const LayerNode* Epilogue::find_non_finite() const {
  const auto count = static_cast<std::size_t>(rows_.total * channels_);
  if (!kernels::all_finite(norm_input_, count)) return &parts_.head();
  if (kernels::all_finite(output_, count)) return nullptr;
  return parts_.norm != nullptr ? parts_.norm : parts_.sum;
}

}  // namespace normlab
