#include "normlab/nn/norm.h"

#include <cmath>
#include <span>

namespace normlab {
namespace {

std::span<double> channel_span(double* first, Range channels) {
  return {first + channels.first, static_cast<std::size_t>(channels.count)};
}

}  // namespace

void BatchNorm::plan(Planner& planner, const std::string& name, const Shape& shape,
                     std::int64_t pieces) {
  options_ = planner.options().norm;
  channels_ = shape.matrix_channels();
  std::function<std::int64_t(std::int64_t)> position;
  if (shape.flat) position = [shape](std::int64_t i) { return from_channel_first(shape, i); };

  // In PyTorch both are there or neither (affine), so one that is off is stored as the constant it
  // stands for.
  const bool stored = options_.gamma != AffineMode::off || options_.beta != AffineMode::off;
  Parameter gamma{.name = name + ".weight", .kind = ParameterKind::gamma, .shape = {channels_}};
  gamma.initial = options_.gamma == AffineMode::off ? 1 : static_cast<float>(options_.gamma_init);
  gamma.trained = options_.gamma == AffineMode::learn;
  gamma.stored = stored;
  gamma.position = position;
  Parameter beta{.name = name + ".bias", .kind = ParameterKind::beta, .shape = {channels_}};
  beta.trained = options_.beta == AffineMode::learn;
  beta.stored = stored;
  beta.position = position;
  planner.add_parameter(gamma_, std::move(gamma));
  planner.add_parameter(beta_, std::move(beta));

  planner.add_state(running_mean_, {name + ".running_mean", {channels_}, {}, 0, position});
  planner.add_state(running_var_, {name + ".running_var", {channels_}, {}, 1, position});
  planner.add_state(lost_updates_,
                    {name + ".lost_updates", {channels_}, {}, 0, position, /*stored=*/false});
  planner.add_counter(batches_tracked_, name + ".num_batches_tracked");

  for (ArenaSlice<float>* slice : {&mean_, &inv_std_, &scale_, &dgamma_mean_, &dbeta_mean_}) {
    planner.reserve(*slice, channels_);
  }
  planner.reserve(partial_first_, pieces * channels_);
  planner.reserve(partial_second_, pieces * channels_);
}

void BatchNorm::begin(const Pass& pass) {
  if (!pass.training) return;
  ++*batches_tracked_.data;
  update_ =
      options_.cumulative ? 1 / static_cast<double>(*batches_tracked_.data) : options_.stat_update;
}

void BatchNorm::gamma_signs(float* signs) const {
  for (std::int64_t c = 0; c < channels_; ++c) {
    const float gamma = gamma_.value[c];
    signs[c] = gamma > 0 ? 1.0f : gamma < 0 ? -1.0f : 0.0f;
  }
}

void BatchNorm::partial_moments(ConstMatrix x, Range channels, std::int64_t piece) {
  const std::size_t first = partial_index(piece, 0);
  kernels::moments(channel_span(partial_first_.data + first, channels),
                   channel_span(partial_second_.data + first, channels), x);
}

kernels::PartialMoments BatchNorm::piece_moments(std::int64_t piece) {
  const std::size_t first = partial_index(piece, 0);
  return {partial_first_.data + first, partial_second_.data + first, 0};
}

void BatchNorm::merge_moments(Range channels, const Pieces& rows) {
  for (std::int64_t c = channels.first; c < channels.first + channels.count; ++c) {
    Moments total;
    for (std::int64_t piece = 0; piece < rows.count(); ++piece) {
      const std::size_t i = partial_index(piece, c);
      total = merge(total, {static_cast<double>(rows.range(piece).count), partial_first_.data[i],
                            partial_second_.data[i]});
    }
    mean_.data[c] = static_cast<float>(total.mean);
    set_inv_std(c, total.biased_variance());
    update_running(c, total);
  }
}

void BatchNorm::update_running(std::int64_t channel, const Moments& batch) {
  const double bias =
      redundant_bias_ == nullptr ? 0 : static_cast<double>(redundant_bias_->value[channel]);
  const double mean = batch.mean + bias;
  const double variance = options_.running_var == RunningVariance::unbiased
                              ? batch.unbiased_variance()
                              : batch.biased_variance();
  // One number per channel says nothing of the population's variance.
  if (batch.count < 2) return;
  float& running_mean = running_mean_.data[channel];
  float& running_var = running_var_.data[channel];
  const auto new_mean = static_cast<float>(running_mean + update_ * (mean - running_mean));
  const auto new_var = static_cast<float>(running_var + update_ * (variance - running_var));
  if (!std::isfinite(new_mean) || !std::isfinite(new_var)) {
    ++lost_updates_.data[channel];  // else a NaN would stay for ever
    return;
  }
  running_mean = new_mean;
  running_var = new_var;
}

void BatchNorm::set_inv_std(std::int64_t channel, double variance) const {
  const double inv_std = 1 / std::sqrt(variance + options_.eps);
  inv_std_.data[channel] = static_cast<float>(inv_std);
  scale_.data[channel] = static_cast<float>(gamma_.value[channel] * inv_std);
}

void BatchNorm::use_running(Range channels) {
  for (std::int64_t c = channels.first; c < channels.first + channels.count; ++c) {
    const float bias = redundant_bias_ == nullptr ? 0 : redundant_bias_->value[c];
    mean_.data[c] = running_mean_.data[c] - bias;
    set_inv_std(c, running_var_.data[c]);
  }
}

void BatchNorm::apply(Matrix y, ConstMatrix x, Range channels, Activation activation) const {
  kernels::norm_forward(y, x, mean_.data + channels.first, scale_.data + channels.first,
                        beta_.value + channels.first, activation);
}

kernels::NormForward BatchNorm::forward_view(ConstMatrix x, ConstMatrix y, Range channels,
                                             Activation activation) const {
  return {x,
          y,
          mean_.data + channels.first,
          inv_std_.data + channels.first,
          scale_.data + channels.first,
          gamma_.value + channels.first,
          beta_.value + channels.first,
          activation,
          false};
}

void BatchNorm::partial_gradients(Matrix dy, ConstMatrix x, ConstMatrix y, Range channels,
                                  Activation activation, std::int64_t piece) {
  const std::size_t first = partial_index(piece, 0);
  kernels::norm_backward_reduce(channel_span(partial_first_.data + first, channels),
                                channel_span(partial_second_.data + first, channels), dy,
                                forward_view(x, y, channels, activation));
}

void BatchNorm::merge_gradients(Range channels, const Pieces& rows, bool training) {
  const double weight = training ? 1 / static_cast<double>(rows.total) : 0;
  for (std::int64_t c = channels.first; c < channels.first + channels.count; ++c) {
    double dgamma = 0;
    double dbeta = 0;
    for (std::int64_t piece = 0; piece < rows.count(); ++piece) {
      dgamma += partial_first_.data[partial_index(piece, c)];
      dbeta += partial_second_.data[partial_index(piece, c)];
    }
    gamma_.gradient[c] = static_cast<float>(dgamma);
    beta_.gradient[c] = static_cast<float>(dbeta);
    dgamma_mean_.data[c] = static_cast<float>(dgamma * weight);
    dbeta_mean_.data[c] = static_cast<float>(dbeta * weight);
  }
}

void BatchNorm::apply_backward(Matrix dx, ConstMatrix dy, ConstMatrix x, ConstMatrix y,
                               Range channels, Activation activation, bool behind_relu) const {
  kernels::NormForward forward = forward_view(x, y, channels, activation);
  forward.behind_relu = behind_relu;
  kernels::norm_backward_apply(dx, dy, forward, dbeta_mean_.data + channels.first,
                               dgamma_mean_.data + channels.first);
}

kernels::NormBackward BatchNorm::backward_view() const {
  return {mean_.data, inv_std_.data, scale_.data, dbeta_mean_.data, dgamma_mean_.data};
}

}  // namespace normlab
