#include "normlab/nn/batch_norm.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <utility>

#include "normlab/base/moments.h"
#include "normlab/base/tree.h"
#include "normlab/nn/stage.h"

namespace normlab {
namespace {

std::span<double> channel_span(double* first, Range channels) {
  return {first + channels.first, static_cast<std::size_t>(channels.count)};
}

}  // namespace

void BatchNorm::plan_parameters(Planner& planner, const LayerNode& node) {
  std::function<std::int64_t(std::int64_t)> position;
  const Shape shape = node.output;
  if (shape.flat) position = [shape](std::int64_t i) { return from_channel_first(shape, i); };

  // In PyTorch both are there or neither (affine), so one that is off is stored as the constant it
  // stands for.
  const bool stored = options_.gamma != AffineMode::off || options_.beta != AffineMode::off;
  Parameter gamma{.name = node.name + ".weight",
                  .layer = node.index,
                  .kind = ParameterKind::gamma,
                  .shape = {channels_}};
  gamma.initial = options_.gamma == AffineMode::off ? 1 : static_cast<float>(options_.gamma_init);
  gamma.trained = options_.gamma == AffineMode::learn;
  gamma.stored = stored;
  gamma.position = position;
  Parameter beta{.name = node.name + ".bias",
                 .layer = node.index,
                 .kind = ParameterKind::beta,
                 .shape = {channels_}};
  beta.trained = options_.beta == AffineMode::learn;
  beta.stored = stored;
  beta.position = position;
  planner.add_parameter(gamma_, std::move(gamma));
  planner.add_parameter(beta_, std::move(beta));

  planner.add_state(running_mean_,
                    {node.name + ".running_mean", node.index, {channels_}, {}, 0, position});
  planner.add_state(running_var_,
                    {node.name + ".running_var", node.index, {channels_}, {}, 1, position});
  planner.add_state(lost_updates_, {node.name + ".lost_updates",
                                    node.index,
                                    {channels_},
                                    {},
                                    0,
                                    position,
                                    /*stored=*/false});
  planner.add_counter(batches_tracked_, node.name + ".num_batches_tracked");
}

void BatchNorm::plan(Planner& planner, const LayerNode& node, std::int64_t pieces,
                     const ParameterSlice* redundant_bias) {
  channels_ = node.output.matrix_channels();
  redundant_bias_ = redundant_bias;
  plan_parameters(planner, node);
  planner.note_norm({node.label(), node.output.positions()});
  for (ArenaSlice<float>* slice : {&mean_, &inv_std_, &scale_, &dgamma_mean_, &dbeta_mean_}) {
    planner.reserve(*slice, channels_, Lifetime::step);
  }
  for (ArenaSlice<double>* slice : {&partial_first_, &partial_second_}) {
    planner.reserve(*slice, pieces * channels_, Lifetime::step);
  }
}

bool BatchNorm::needs_statistics(const Pass& pass) const {
  return pass.batch_statistics();
}

void BatchNorm::begin(const Pass& pass) {
  if (!pass.batch_statistics()) return use_running({0, channels_});
  if (!pass.mode.track) return;
  ++*batches_tracked_.data;
  update_ =
      options_.cumulative ? 1 / static_cast<double>(*batches_tracked_.data) : options_.stat_update;
}

void BatchNorm::signs(float* signs) const {
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

void BatchNorm::share_partial(Team& team, const Pieces& pieces) const {
  for (double* partial : {partial_first_.data, partial_second_.data}) {
    const auto count = static_cast<std::size_t>(pieces.count() * channels_);
    team.share(std::as_writable_bytes(std::span(partial, count)), {pieces.count(), 1});
  }
}

void BatchNorm::merge_moments(const Pass& pass, Range channels, const Pieces& rows) {
  // Rows in pieces [first, first + count).
  const auto rows_in = [&](std::int64_t first, std::int64_t count) {
    const std::int64_t end = std::min((first + count) * rows.size, rows.total);
    return static_cast<double>(end - first * rows.size);
  };
  for (std::int64_t c = channels.first; c < channels.first + channels.count; ++c) {
    merge_tree(rows.count(), [&](std::int64_t into, std::int64_t from) {
      const std::int64_t width = from - into;  // pieces that each side stands for
      const std::size_t a = partial_index(into, c);
      const std::size_t b = partial_index(from, c);
      const Moments merged =
          merge({rows_in(into, width), partial_first_.data[a], partial_second_.data[a]},
                {rows_in(from, width), partial_first_.data[b], partial_second_.data[b]});
      partial_first_.data[a] = merged.mean;
      partial_second_.data[a] = merged.m2;
    });
    const std::size_t i = partial_index(0, c);
    const Moments total{static_cast<double>(rows.total), partial_first_.data[i],
                        partial_second_.data[i]};
    mean_.data[c] = static_cast<float>(total.mean);
    set_inv_std(c, total.biased_variance());
    if (pass.mode.track) update_running(c, total);
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

void BatchNorm::apply(Matrix y, ConstMatrix x, ConstMatrix addend, Range channels,
                      Activation activation) const {
  const float* mean = mean_.data + channels.first;
  const float* scale = scale_.data + channels.first;
  const float* beta = beta_.value + channels.first;
  if (addend.data == nullptr) return kernels::norm_forward(y, x, mean, scale, beta, activation);
  kernels::norm_add_forward(y, x, addend, mean, scale, beta, activation);
}

kernels::NormForward BatchNorm::forward_view(const Seen& seen, Range channels) const {
  return {.x = seen.x,
          .y = seen.y,
          .mean = mean_.data + channels.first,
          .inv_std = inv_std_.data + channels.first,
          .scale = scale_.data + channels.first,
          .gamma = gamma_.value + channels.first,
          .beta = beta_.value + channels.first,
          .activation = seen.activation,
          .behind_relu = seen.behind_relu,
          .after_sum = seen.after_sum};
}

void BatchNorm::partial_gradients(Matrix dy, const Seen& seen, Range channels, std::int64_t piece) {
  const std::size_t first = partial_index(piece, 0);
  kernels::norm_backward_reduce(channel_span(partial_first_.data + first, channels),
                                channel_span(partial_second_.data + first, channels), dy,
                                forward_view(seen, channels));
}

void BatchNorm::merge_gradients(const Pass& pass, Range channels, const Pieces& rows) {
  const double weight = pass.batch_statistics() ? 1 / static_cast<double>(rows.total) : 0;
  for (std::int64_t c = channels.first; c < channels.first + channels.count; ++c) {
    merge_tree(rows.count(), [&](std::int64_t into, std::int64_t from) {
      partial_first_.data[partial_index(into, c)] += partial_first_.data[partial_index(from, c)];
      partial_second_.data[partial_index(into, c)] += partial_second_.data[partial_index(from, c)];
    });
    const double dgamma = partial_first_.data[partial_index(0, c)];
    const double dbeta = partial_second_.data[partial_index(0, c)];
    gamma_.gradient[c] = static_cast<float>(dgamma);
    beta_.gradient[c] = static_cast<float>(dbeta);
    dgamma_mean_.data[c] = static_cast<float>(dgamma * weight);
    dbeta_mean_.data[c] = static_cast<float>(dbeta * weight);
  }
}

void BatchNorm::apply_backward(Matrix dx, ConstMatrix dy, const Seen& seen, Range channels) const {
  kernels::norm_backward_apply(dx, dy, forward_view(seen, channels),
                               dbeta_mean_.data + channels.first,
                               dgamma_mean_.data + channels.first);
}

kernels::NormBackward BatchNorm::backward_view() const {
  return {mean_.data, inv_std_.data, scale_.data, dbeta_mean_.data, dgamma_mean_.data};
}

}  // namespace normlab
