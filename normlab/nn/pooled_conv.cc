#include "normlab/nn/pooled_conv.h"

#include <algorithm>

#include "normlab/base/aligned_buffer.h"
#include "normlab/base/tree.h"
#include "normlab/kernels/activation.h"
#include "normlab/kernels/optimizer.h"
#include "normlab/nn/piece_size.h"

namespace normlab {
namespace {

/// Floats of a strip of gradients: it fits into a first-level cache of 32 KiB beside an image.
constexpr std::int64_t kStripFloats = 5 * 1024;

Activation activation_of(const LayerNode* node) {
  return node == nullptr ? Activation{} : node->layer->activation();
}

bool is_relu_or_nothing(const LayerNode* node) {
  const ActivationKind kind = activation_of(node).kind;
  return kind == ActivationKind::identity || kind == ActivationKind::relu;
}

kernels::PoolShape pool_behind(const kernels::ConvolutionShape& conv, const LayerNode& pool) {
  const Layer::PoolWindow window = *pool.layer->max_window();
  return {.height = conv.output_height(),
          .width = conv.output_width(),
          .channels = conv.out_channels,
          .window = window.size,
          .stride = window.stride};
}

}  // namespace

bool PooledConv::suits(const kernels::ConvolutionShape& shape, const StageParts& parts) {
  if (!kernels::DirectConvolution::suits(shape)) return false;
  if (parts.norm != nullptr && parts.norm->layer->make_norm()->in_stage() == nullptr) return false;
  const Layer::PoolWindow window = *parts.pool->layer->max_window();
  const bool fits = std::min(shape.output_height(), shape.output_width()) >= window.size;
  return fits && window.size == window.stride && kernels::PooledRows::suits(window.size) &&
         is_relu_or_nothing(parts.before) && is_relu_or_nothing(parts.after);
}

PooledConv::PooledConv(const StageParts& parts, const kernels::ConvolutionShape& shape,
                       bool has_bias)
    : Stage(parts), shape_(shape), convolution_(shape), pool_(pool_behind(shape, *parts.pool)) {
  if (parts.norm != nullptr) norm_ = parts.norm->layer->make_norm();
  parameters_.has_bias = has_bias;
}

Activation PooledConv::before() const {
  return activation_of(parts().before);
}
Activation PooledConv::after() const {
  return activation_of(parts().after);
}

void PooledConv::plan(Planner& planner) {
  const bool drops_bias = planner.options().redundant_bias == RedundantBias::drop;
  parameters_.has_bias = parameters_.has_bias && !(drops_bias && bias_redundant());
  parameters_.plan(planner, *parts().producer, shape_);
  const std::int64_t row = shape_.output_width() * shape_.out_channels;
  strip_rows_ = std::max<std::int64_t>(1, kStripFloats / (row * pool_.window)) * pool_.window;
  examples_per_piece_ = examples_per_piece(shape_.output_size(), planner.max_examples());
  const std::int64_t pieces = Pieces{planner.max_examples(), examples_per_piece_}.count();
  const std::int64_t outputs = planner.max_examples() * pool_.output_size();
  planner.keep_input();
  planner.reserve(packed_, convolution_.packed_size(), Lifetime::step);
  planner.reserve(bias_, shape_.out_channels, Lifetime::step);
  planner.reserve(directions_, shape_.out_channels, Lifetime::forward);
  planner.reserve(argmax_, outputs, Lifetime::step);
  scratch_size_ = static_cast<std::int64_t>(padded_count<float>(
      static_cast<std::size_t>(strip_rows_ * row + convolution_.padded_size())));
  planner.reserve(scratch_, planner.threads() * scratch_size_, Lifetime::step);
  planner.reserve(gradient_sums_, pieces * convolution_.gradient_size(), Lifetime::backward);
  if (norm_ == nullptr) {
    planner.reserve_output(peaks_, outputs);
    if (parts().before != nullptr) planner.keep_output();
    return;
  }
  planner.reserve(peaks_, outputs, Lifetime::step);
  planner.reserve_output(normed_, outputs);
  if (parts().after != nullptr) planner.keep_output();
  norm_->plan(planner, *parts().norm, pieces, bias_redundant() ? bias() : nullptr);
}

/// Of the convolution's output, in the pieces that statistics are made of.
Pieces PooledConv::positions_of(const Pass& pass) const {
  return {pass.examples * positions(), examples_per_piece_ * positions()};
}

/// A bias right before a norm has no effect in training; in evaluation the norm accounts for it.
bool PooledConv::bias_redundant() const {
  return norm_ != nullptr && norm_->removes_bias() && parts().before == nullptr;
}

PooledConv::Strip PooledConv::strip(std::int64_t index) const {
  const Range rows = Pieces{shape_.output_height(), strip_rows_}.range(index);
  return {rows, {rows.first / pool_.window, rows.count / pool_.window}};
}

PooledConv::Scratch PooledConv::scratch(int worker) const {
  const std::int64_t strip = strip_rows_ * shape_.output_width() * shape_.out_channels;
  float* start = scratch_.data + worker * scratch_size_;
  return {start, start + strip};
}

const float* PooledConv::padded_image(const float* x, std::int64_t example,
                                      const Scratch& scratch) const {
  const float* image = x + example * shape_.input_size();
  if (shape_.padding == 0) return image;
  convolution_.pad_image(scratch.padded, image);
  return scratch.padded;
}

kernels::PooledRows PooledConv::pooled_rows(const float* image, Range rows) const {
  return {.input = convolution_.input(image, rows),
          .channels = shape_.out_channels,
          .window = pool_.window,
          .weights = packed_.data,
          .bias = bias_.data,
          .relu = before().kind == ActivationKind::relu};
}

kernels::PoolShape PooledConv::pool_shape(const Strip& strip) const {
  kernels::PoolShape shape = pool_;
  shape.height = strip.windows.count * pool_.window;
  return shape;
}

std::int64_t PooledConv::peak_offset(std::int64_t example, const Strip& strip) const {
  return example * pool_.output_size() +
         strip.windows.first * pool_.output_width() * pool_.channels;
}

Matrix PooledConv::pooled(float* data, Range examples) const {
  const std::int64_t positions = pool_.output_height() * pool_.output_width();
  return {data + examples.first * pool_.output_size(), examples.count * positions, pool_.channels,
          pool_.channels};
}

std::span<double> PooledConv::gradient_sums(std::int64_t piece) const {
  const auto size = static_cast<std::size_t>(convolution_.gradient_size());
  return {gradient_sums_.data + static_cast<std::size_t>(piece) * size, size};
}

void PooledConv::prepare(const Pass& pass) {
  pieces_ = {pass.examples, examples_per_piece_};
  convolution_.pack(packed_.data, parameters_.weight.value);
  for (std::int64_t c = 0; c < shape_.out_channels; ++c) {
    bias_.data[c] = adds_bias() ? bias()->value[c] : 0;
    directions_.data[c] = 1;
  }
  if (norm_ == nullptr) return;
  norm_->begin(pass);
  norm_->in_stage()->signs(directions_.data);
}

void PooledConv::forward_example(const Pass& pass, const float* x, std::int64_t example,
                                 std::int64_t piece, const Scratch& scratch) {
  const float* image = padded_image(x, example, scratch);
  const std::int64_t offset = example * pool_.output_size();
  kernels::PartialMoments moments;
  const bool wants_moments = norm_ != nullptr && norm_->needs_statistics(pass);
  if (wants_moments) {
    moments = norm_->in_stage()->piece_moments(piece);
    moments.rows_before = (example - pieces_.range(piece).first) * positions();
  }
  kernels::pooled_convolution_forward(peaks_.data + offset, argmax_.data + offset,
                                      pooled_rows(image, {0, shape_.output_height()}),
                                      directions_.data, wants_moments ? &moments : nullptr);
}

const float* PooledConv::forward(const Pass& pass, const float* x, const float*) {
  x_ = x;
  prepare(pass);
  pass.team.run(pieces_.count(), [&](std::int64_t piece, int worker) {
    const Range examples = pieces_.range(piece);
    for (std::int64_t n = examples.first; n < examples.first + examples.count; ++n) {
      forward_example(pass, x, n, piece, scratch(worker));
    }
  });
  if (norm_ == nullptr) return peaks_.data;
  const LayerTimes::Inside timer(pass.times, parts().norm->index, Way::forward, 1);
  if (norm_->needs_statistics(pass)) {
    norm_->share_partial(pass.team, pieces_);
    norm_->merge_moments(pass, all_channels(), positions_of(pass));
  }
  pass.team.run(pieces_.count(), [&](std::int64_t piece) {
    const Range examples = pieces_.range(piece);
    norm_->apply(pooled(normed_.data, examples), pooled(peaks_.data, examples), {}, all_channels(),
                 after());
  });
  return normed_.data;
}

/// dy becomes the gradient at the norm's output, and the sums over it are made.
void PooledConv::reduce(const Pass& pass, float* dy) {
  const LayerTimes::Inside timer(pass.times, parts().norm->index, Way::backward, 1);
  pass.team.run(pieces_.count(), [&](std::int64_t piece) {
    const Range examples = pieces_.range(piece);
    const Matrix gradient = pooled(dy, examples);
    const Matrix output = pooled(normed_.data, examples);
    if (parts().after != nullptr) kernels::activation_backward(gradient, gradient, output, after());
    norm_->partial_gradients(gradient, {.x = pooled(peaks_.data, examples), .y = output},
                             all_channels(), piece);
  });
  norm_->share_partial(pass.team, pieces_);
  norm_->merge_gradients(pass, all_channels(), positions_of(pass));
}

/// The gradient of the convolution's output in `strip`; with a norm, dy as `reduce` left it.
Matrix PooledConv::strip_gradient(const float* image, float* dy, std::int64_t example,
                                  const Strip& strip, const Scratch& scratch) const {
  const Matrix dz{scratch.gradient, strip.rows.count * shape_.output_width(), shape_.out_channels,
                  shape_.out_channels};
  const std::int64_t offset = peak_offset(example, strip);
  if (norm_ != nullptr) {
    kernels::pooled_convolution_backward(dz, pooled_rows(image, strip.rows), dy + offset,
                                         argmax_.data + offset, norm_->in_stage()->backward_view());
    return dz;
  }
  const kernels::PoolShape covered = pool_shape(strip);
  if (parts().before != nullptr) {
    const std::int64_t count = covered.output_size();
    const Matrix gradient{dy + offset, 1, count, count};
    kernels::activation_backward(gradient, gradient, {peaks_.data + offset, 1, count, count},
                                 before());
  }
  kernels::maxpool_backward(dz.data, dy + offset, argmax_.data + offset, 1, covered);
  std::fill(dz.data + covered.input_size(), dz.data + dz.rows * dz.channels, 0.0f);
  return dz;
}

float* PooledConv::backward(const Pass& pass, float* dy, const float*) {
  if (norm_ != nullptr) reduce(pass, dy);
  pass.team.run(pieces_.count(), [&](std::int64_t piece, int worker) {
    const Range examples = pieces_.range(piece);
    std::ranges::fill(gradient_sums(piece), 0.0);
    for (std::int64_t n = examples.first; n < examples.first + examples.count; ++n) {
      const float* image = padded_image(x_, n, scratch(worker));
      for (std::int64_t i = 0; i < strips(); ++i) {
        const Matrix dz = strip_gradient(image, dy, n, strip(i), scratch(worker));
        convolution_.backward_weights(gradient_sums(piece), image, strip(i).rows, dz);
      }
    }
  });
  merge_gradients(pass);
  if (norm_ != nullptr) norm_->end_backward();
  return nullptr;
}

void PooledConv::merge_gradients(const Pass& pass) {
  const auto size = static_cast<std::size_t>(pieces_.count() * convolution_.gradient_size());
  pass.team.share(std::as_writable_bytes(std::span(gradient_sums_.data, size)),
                  {pieces_.count(), 1});
  merge_tree(pieces_.count(), [&](std::int64_t into, std::int64_t from) {
    const std::span<double> total = gradient_sums(into);
    const std::span<const double> part = gradient_sums(from);
    for (std::size_t i = 0; i < total.size(); ++i) total[i] += part[i];
  });
  float* bias_gradient = bias() == nullptr ? nullptr : bias()->gradient;
  convolution_.unpack_gradient(parameters_.weight.gradient, bias_gradient, gradient_sums(0));
  if (bias_gradient != nullptr && !adds_bias() && pass.batch_statistics()) {
    std::fill_n(bias_gradient, shape_.out_channels, 0.0f);
  }
}

const LayerNode* PooledConv::find_non_finite(const Pass& pass) const {
  const auto count = static_cast<std::size_t>(pass.examples * pool_.output_size());
  if (!kernels::all_finite(peaks_.data, count)) return parts().producer;
  if (norm_ != nullptr && !kernels::all_finite(normed_.data, count)) return parts().norm;
  return nullptr;
}

}  // namespace normlab
