#include "normlab/nn/epilogue.h"

#include "normlab/kernels/activation.h"
#include "normlab/kernels/norm.h"
#include "normlab/kernels/optimizer.h"
#include "normlab/nn/activation_layer.h"
#include "normlab/nn/norm_layer.h"

namespace normlab {

bool Epilogue::absorb(Layer& layer) {
  if (auto* norm = dynamic_cast<NormLayer*>(&layer)) {
    if (norm->is_identity()) return true;
    if (norm_ != nullptr) return false;
    norm_ = norm;
    return true;
  }
  if (auto* activation = dynamic_cast<ActivationLayer*>(&layer)) {
    ActivationLayer*& place = norm_ == nullptr ? before_ : after_;
    if (place != nullptr) return false;
    place = activation;
    return true;
  }
  return false;
}

bool Epilogue::makes_bias_redundant() const {
  return norm_ != nullptr && before_ == nullptr;
}

Activation Epilogue::before() const {
  return before_ == nullptr ? Activation{} : before_->activation();
}
Activation Epilogue::after() const {
  return after_ == nullptr ? Activation{} : after_->activation();
}

void Epilogue::plan(Planner& planner, const Plan& plan) {
  channels_ = plan.shape.matrix_channels();
  positions_ = plan.shape.positions();
  examples_per_piece_ = plan.examples_per_piece;
  bias_ = plan.bias;
  adds_bias_ = bias_ != nullptr && !makes_bias_redundant();

  const std::int64_t pieces = Pieces{planner.max_examples(), examples_per_piece_}.count();
  const std::int64_t floats = planner.max_examples() * plan.shape.size();
  if (plan.has_producer) planner.reserve(z_, floats);
  if (before_ != nullptr && (!plan.has_producer || before().derivative_needs_input())) {
    planner.reserve(activated_store_, floats);
  }
  if (norm_ != nullptr) {
    planner.reserve(normed_store_, floats);
    if (plan.lends_output && !kernels::norm_backward_reads_output(after())) {
      planner.lend_output(normed_store_, floats);
    }
    norm_->batch_norm().plan(planner, norm_->name(), plan.shape, pieces);
    if (makes_bias_redundant()) norm_->batch_norm().set_redundant_bias(plan.bias);
    planner.note_norm({norm_->label(), positions_});
  }
  if (bias_ != nullptr) planner.reserve(bias_parts_, pieces * channels_);
}

LayerTimes::Inside Epilogue::time(const Layer& layer, Way way, int threads) const {
  return {times_, layer.index(), way, threads};
}

void Epilogue::begin(const Pass& pass, const float* input) {
  times_ = pass.times;
  threads_ = pass.pool.threads();
  bias_has_gradient_ = bias_ != nullptr && (adds_bias_ || !pass.training);
  rows_ = {pass.examples * positions_, examples_per_piece_ * positions_};
  input_ = input;
  activated_ = activated_store_.data != nullptr ? activated_store_.data : z_.data;
  norm_input_ = before_ == nullptr && !adds_bias_ ? input_ : activated_;
  output_ = norm_ == nullptr ? norm_input_ : normed_store_.data;
  if (norm_ == nullptr) return;
  norm_->batch_norm().begin(pass);
  if (!pass.training) norm_->batch_norm().use_running(all_channels());
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
  } else if (before_ != nullptr) {
    kernels::activation_forward(activated, input, before());
  }
}

void Epilogue::forward_part(bool training, Range rows, Range channels, std::int64_t piece) {
  if (before_ != nullptr) {
    const LayerTimes::Inside timer = time(*before_, Way::forward, threads_);
    activate(rows, channels);
  } else if (adds_bias_) {
    activate(rows, channels);
  }
  if (norm_ == nullptr) return;
  if (training) {
    const LayerTimes::Inside timer = time(*norm_, Way::forward, threads_);
    norm_->batch_norm().partial_moments(view(norm_input_, rows, channels), channels, piece);
  } else {
    finish_forward_part(rows, channels);
  }
}

void Epilogue::finish_forward_part(Range rows, Range channels) {
  const LayerTimes::Inside timer = time(*norm_, Way::forward, threads_);
  norm_->batch_norm().apply(view(normed_store_.data, rows, channels),
                            view(norm_input_, rows, channels), channels, after());
}

void Epilogue::forward_channels(const Pass& pass, Range channels) {
  const Range all{0, rows_.total};
  forward_part(pass.training, all, channels, 0);
  if (!needs_merge(pass)) return;
  {
    const LayerTimes::Inside timer = time(*norm_, Way::forward, threads_);
    norm_->batch_norm().merge_moments(channels, {rows_.total, rows_.total});
  }
  finish_forward_part(all, channels);
}

void Epilogue::forward_rows(const Pass& pass, std::int64_t piece) {
  forward_part(pass.training, rows_.range(piece), all_channels(), piece);
}
void Epilogue::merge_forward() {
  const LayerTimes::Inside timer = time(*norm_, Way::forward, 1);
  norm_->batch_norm().merge_moments(all_channels(), rows_);
}
void Epilogue::finish_forward_rows(std::int64_t piece) {
  finish_forward_part(rows_.range(piece), all_channels());
}

void Epilogue::reduce_part(float* dy, Range rows, Range channels, std::int64_t piece) {
  const LayerTimes::Inside timer = time(*norm_, Way::backward, threads_);
  norm_->batch_norm().partial_gradients(view(dy, rows, channels), view(norm_input_, rows, channels),
                                        view(output_, rows, channels), channels, after(), piece);
}

void Epilogue::finish_backward_part(float* dy, Range rows, Range channels, std::int64_t piece) {
  const Matrix gradient = view(dy, rows, channels);
  if (norm_ != nullptr) {
    const LayerTimes::Inside timer = time(*norm_, Way::backward, threads_);
    norm_->batch_norm().apply_backward(gradient, gradient, view(norm_input_, rows, channels),
                                       view(output_, rows, channels), channels, after(),
                                       norm_takes_relu());
  }
  if (before_ != nullptr && !norm_takes_relu()) {
    const LayerTimes::Inside timer = time(*before_, Way::backward, threads_);
    const float* saved = before().derivative_needs_input() ? input_ : activated_;
    kernels::activation_backward(gradient, gradient, view(saved, rows, channels), before());
  }
  if (bias_has_gradient_) {
    double* sums = bias_parts_.data + piece * channels_ + channels.first;
    kernels::column_sums({sums, static_cast<std::size_t>(channels.count)}, gradient);
  }
}

void Epilogue::backward_channels(const Pass& pass, float* dy, Range channels) {
  const Range all{0, rows_.total};
  if (norm_ != nullptr) {
    reduce_part(dy, all, channels, 0);
    const LayerTimes::Inside timer = time(*norm_, Way::backward, threads_);
    norm_->batch_norm().merge_gradients(channels, {rows_.total, rows_.total}, pass.training);
  }
  finish_backward_part(dy, all, channels, 0);
  if (bias_ == nullptr) return;
  for (std::int64_t c = channels.first; c < channels.first + channels.count; ++c) {
    bias_->gradient[c] = bias_has_gradient_ ? static_cast<float>(bias_parts_.data[c]) : 0;
  }
}

void Epilogue::backward_rows(float* dy, std::int64_t piece) {
  reduce_part(dy, rows_.range(piece), all_channels(), piece);
}
void Epilogue::merge_backward(const Pass& pass) {
  const LayerTimes::Inside timer = time(*norm_, Way::backward, 1);
  norm_->batch_norm().merge_gradients(all_channels(), rows_, pass.training);
}
void Epilogue::finish_backward_rows(float* dy, std::int64_t piece) {
  finish_backward_part(dy, rows_.range(piece), all_channels(), piece);
}

void Epilogue::merge_bias() {
  if (bias_ == nullptr) return;
  for (std::int64_t c = 0; c < channels_; ++c) {
    double sum = 0;
    for (std::int64_t piece = 0; bias_has_gradient_ && piece < rows_.count(); ++piece) {
      sum += bias_parts_.data[piece * channels_ + c];
    }
    bias_->gradient[c] = static_cast<float>(sum);
  }
}

std::string Epilogue::find_non_finite(const std::string& producer) const {
  const auto count = static_cast<std::size_t>(rows_.total * channels_);
  if (!kernels::all_finite(norm_input_, count)) return producer;
  if (!kernels::all_finite(output_, count)) return norm_->label();
  return {};
}

}  // namespace normlab
