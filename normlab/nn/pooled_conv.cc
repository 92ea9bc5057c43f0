#include "normlab/nn/pooled_conv.h"

#include <algorithm>

#include "normlab/base/aligned_buffer.h"
#include "normlab/kernels/activation.h"
#include "normlab/kernels/optimizer.h"
#include "normlab/nn/activation_layer.h"
#include "normlab/nn/maxpool.h"
#include "normlab/nn/norm_layer.h"
#include "normlab/nn/piece_size.h"

namespace normlab {
namespace {

/// Floats of a strip of gradients: it fits into a first-level cache of 32 KiB beside an image.
constexpr std::int64_t kStripFloats = 5 * 1024;

Activation activation_of(const ActivationLayer* layer) {
  return layer == nullptr ? Activation{} : layer->activation();
}

bool is_relu_or_nothing(const ActivationLayer* layer) {
  const ActivationKind kind = activation_of(layer).kind;
  return kind == ActivationKind::identity || kind == ActivationKind::relu;
}

kernels::PoolShape pool_behind(const kernels::ConvolutionShape& conv, const MaxPool& pool) {
  return {.height = conv.output_height(),
          .width = conv.output_width(),
          .channels = conv.out_channels,
          .window = pool.window().size,
          .stride = pool.window().stride};
}

}  // namespace

bool PooledConv::suits(const kernels::ConvolutionShape& shape, const Parts& parts) {
  if (!kernels::DirectConvolution::suits(shape)) return false;
  const PoolLayer::Window window = parts.pool->window();
  const bool fits = std::min(shape.output_height(), shape.output_width()) >= window.size;
  return fits && window.size == window.stride && kernels::PooledRows::suits(window.size) &&
         is_relu_or_nothing(parts.before) && is_relu_or_nothing(parts.after);
}

PooledConv::PooledConv(Planner& planner, const kernels::ConvolutionShape& shape, const Parts& parts)
    : shape_(shape), convolution_(shape), pool_(pool_behind(shape, *parts.pool)), parts_(parts) {
  const std::int64_t row = shape_.output_width() * shape_.out_channels;
  strip_rows_ = std::max<std::int64_t>(1, kStripFloats / (row * pool_.window)) * pool_.window;
  examples_per_piece_ = examples_per_piece(shape_.output_size(), planner.max_examples());
  const std::int64_t pieces = Pieces{planner.max_examples(), examples_per_piece_}.count();
  const std::int64_t outputs = planner.max_examples() * pool_.output_size();
  planner.reserve(packed_, convolution_.packed_size());
  planner.reserve(bias_, shape_.out_channels);
  planner.reserve(directions_, shape_.out_channels);
  planner.reserve(peaks_, outputs);
  planner.reserve(argmax_, outputs);
  scratch_size_ = static_cast<std::int64_t>(padded_count<float>(
      static_cast<std::size_t>(strip_rows_ * row + convolution_.padded_size())));
  planner.reserve(scratch_, planner.threads() * scratch_size_);
  planner.reserve(gradient_sums_, pieces * convolution_.gradient_size());
  if (parts_.norm == nullptr) return;
  planner.reserve(normed_, outputs);
  if (parts_.after == nullptr) planner.lend_output(normed_, outputs);
  BatchNorm& norm = parts_.norm->batch_norm();
  const Shape output{shape_.output_height(), shape_.output_width(), shape_.out_channels};
  norm.plan(planner, parts_.norm->name(), output, pieces);
  if (parts_.before == nullptr) norm.set_redundant_bias(parts_.bias);
  planner.note_norm({parts_.norm->label(), output.positions()});
}

/// Of the convolution's output, in the pieces that statistics are made of.
Pieces PooledConv::positions_of(const Pass& pass) const {
  return {pass.examples * positions(), examples_per_piece_ * positions()};
}

/// A bias right before a norm has no effect in training; in evaluation the norm accounts for it.
bool PooledConv::adds_bias() const {
  return parts_.bias != nullptr && (parts_.norm == nullptr || parts_.before != nullptr);
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
          .relu = activation_of(parts_.before).kind == ActivationKind::relu};
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
  convolution_.pack(packed_.data, parts_.weight->value);
  for (std::int64_t c = 0; c < shape_.out_channels; ++c) {
    bias_.data[c] = adds_bias() ? parts_.bias->value[c] : 0;
    directions_.data[c] = 1;
  }
  if (parts_.norm == nullptr) return;
  BatchNorm& norm = parts_.norm->batch_norm();
  norm.begin(pass);
  norm.gamma_signs(directions_.data);
  if (!pass.training) norm.use_running(all_channels());
}

void PooledConv::forward_example(const Pass& pass, const float* x, std::int64_t example,
                                 std::int64_t piece, const Scratch& scratch) {
  const float* image = padded_image(x, example, scratch);
  const std::int64_t offset = example * pool_.output_size();
  kernels::PartialMoments moments;
  const bool wants_moments = parts_.norm != nullptr && pass.training;
  if (wants_moments) {
    moments = parts_.norm->batch_norm().piece_moments(piece);
    moments.rows_before = (example - pieces_.range(piece).first) * positions();
  }
  kernels::pooled_convolution_forward(peaks_.data + offset, argmax_.data + offset,
                                      pooled_rows(image, {0, shape_.output_height()}),
                                      directions_.data, wants_moments ? &moments : nullptr);
}

const float* PooledConv::forward(const Pass& pass, const float* x) {
  x_ = x;
  prepare(pass);
  pass.pool.run(pieces_.count(), [&](std::int64_t piece, int worker) {
    const Range examples = pieces_.range(piece);
    for (std::int64_t n = examples.first; n < examples.first + examples.count; ++n) {
      forward_example(pass, x, n, piece, scratch(worker));
    }
  });
  if (parts_.norm == nullptr) return peaks_.data;
  BatchNorm& norm = parts_.norm->batch_norm();
  const LayerTimes::Inside timer(pass.times, parts_.norm->index(), Way::forward, 1);
  if (pass.training) norm.merge_moments(all_channels(), positions_of(pass));
  pass.pool.run(pieces_.count(), [&](std::int64_t piece) {
    const Range examples = pieces_.range(piece);
    norm.apply(pooled(normed_.data, examples), pooled(peaks_.data, examples), all_channels(),
               activation_of(parts_.after));
  });
  return normed_.data;
}

/// dy becomes the gradient at the norm's output, and the sums over it are made.
void PooledConv::reduce(const Pass& pass, float* dy) {
  const LayerTimes::Inside timer(pass.times, parts_.norm->index(), Way::backward, 1);
  BatchNorm& norm = parts_.norm->batch_norm();
  pass.pool.run(pieces_.count(), [&](std::int64_t piece) {
    const Range examples = pieces_.range(piece);
    const Matrix gradient = pooled(dy, examples);
    const Matrix output = pooled(normed_.data, examples);
    if (parts_.after != nullptr) {
      kernels::activation_backward(gradient, gradient, output, parts_.after->activation());
    }
    norm.partial_gradients(gradient, pooled(peaks_.data, examples), output, all_channels(), {},
                           piece);
  });
  norm.merge_gradients(all_channels(), positions_of(pass), pass.training);
}

/// The gradient of the convolution's output in `strip`; with a norm, dy as `reduce` left it.
Matrix PooledConv::strip_gradient(const float* image, float* dy, std::int64_t example,
                                  const Strip& strip, const Scratch& scratch) const {
  const Matrix dz{scratch.gradient, strip.rows.count * shape_.output_width(), shape_.out_channels,
                  shape_.out_channels};
  const std::int64_t offset = peak_offset(example, strip);
  if (parts_.norm != nullptr) {
    kernels::pooled_convolution_backward(dz, pooled_rows(image, strip.rows), dy + offset,
                                         argmax_.data + offset,
                                         parts_.norm->batch_norm().backward_view());
    return dz;
  }
  const kernels::PoolShape covered = pool_shape(strip);
  if (parts_.before != nullptr) {
    const std::int64_t count = covered.output_size();
    const Matrix gradient{dy + offset, 1, count, count};
    kernels::activation_backward(gradient, gradient, {peaks_.data + offset, 1, count, count},
                                 parts_.before->activation());
  }
  kernels::maxpool_backward(dz.data, dy + offset, argmax_.data + offset, 1, covered);
  std::fill(dz.data + covered.input_size(), dz.data + dz.rows * dz.channels, 0.0f);
  return dz;
}

void PooledConv::backward(const Pass& pass, float* dy) {
  if (parts_.norm != nullptr) reduce(pass, dy);
  pass.pool.run(pieces_.count(), [&](std::int64_t piece, int worker) {
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
}

void PooledConv::merge_gradients(const Pass& pass) {
  const std::span<double> total = gradient_sums(0);
  for (std::int64_t piece = 1; piece < pieces_.count(); ++piece) {
    const std::span<const double> part = gradient_sums(piece);
    for (std::size_t i = 0; i < total.size(); ++i) total[i] += part[i];
  }
  float* bias_gradient = parts_.bias == nullptr ? nullptr : parts_.bias->gradient;
  convolution_.unpack_gradient(parts_.weight->gradient, bias_gradient, total);
  if (bias_gradient != nullptr && !adds_bias() && pass.training) {
    std::fill_n(bias_gradient, shape_.out_channels, 0.0f);
  }
}

std::string PooledConv::find_non_finite(const Pass& pass) const {
  const auto count = static_cast<std::size_t>(pass.examples * pool_.output_size());
  if (!kernels::all_finite(peaks_.data, count)) return parts_.conv->label();
  if (parts_.norm != nullptr && !kernels::all_finite(normed_.data, count)) {
    return parts_.norm->label();
  }
  return {};
}

}  // namespace normlab
