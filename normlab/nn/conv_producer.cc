#include "normlab/nn/conv_producer.h"

#include <span>
#include <utility>

#include "normlab/base/tree.h"

namespace normlab {

void ConvParameters::plan(Planner& planner, const LayerNode& node,
                          const kernels::ConvolutionShape& shape) {
  const std::int64_t area = shape.kernel * shape.kernel;
  const Fans fans{shape.in_channels * area, shape.out_channels * area};
  Parameter weights{.name = node.name + ".weight",
                    .layer = node.index,
                    .kind = ParameterKind::weight,
                    .shape = {shape.out_channels, shape.in_channels, shape.kernel, shape.kernel}};
  weights.fans = fans;
  planner.add_parameter(weight, std::move(weights));
  if (!has_bias) return;
  Parameter biases{.name = node.name + ".bias",
                   .layer = node.index,
                   .kind = ParameterKind::bias,
                   .shape = {shape.out_channels}};
  biases.fans = fans;
  planner.add_parameter(bias, std::move(biases));
}

ConvProducer::ConvProducer(const LayerNode& node, const kernels::ConvolutionShape& shape,
                           bool has_bias)
    : node_(node), shape_(shape) {
  parameters_.has_bias = has_bias;
}

void ConvProducer::plan(Planner& planner, std::int64_t examples_per_piece, bool keep_bias) {
  parameters_.has_bias = parameters_.has_bias && keep_bias;
  parameters_.plan(planner, node_, shape_);
  if (planner.dry()) return;
  convolution_.emplace(shape_, examples_per_piece, planner.threads());
  planner.reserve(packed_forward_, convolution_->packed_forward_size(), Lifetime::forward);
  planner.reserve(packed_backward_, convolution_->packed_backward_size(), Lifetime::backward);
  planner.reserve(
      gradient_parts_,
      convolution_->gradient_size() * Pieces{planner.max_examples(), examples_per_piece}.count(),
      Lifetime::backward);
}

const ParameterSlice* ConvProducer::bias() const {
  return parameters_.has_bias ? &parameters_.bias : nullptr;
}

void ConvProducer::begin_forward(const Pass&) {
  convolution_->pack_forward(packed_forward_.data, parameters_.weight.value);
}

void ConvProducer::forward(const Pass&, float* z, const float* x, Range examples, int worker) {
  convolution_->forward(z, x, packed_forward_.data, examples.count, worker);
}

void ConvProducer::begin_backward(const Pass&, bool input_gradient) {
  if (input_gradient) {
    convolution_->pack_backward(packed_backward_.data, parameters_.weight.value);
  }
}

void ConvProducer::backward_weights(const float* x, const float* dz, Range examples,
                                    std::int64_t piece, int worker) {
  convolution_->backward_weights(gradient_parts_.data + piece * convolution_->gradient_size(), x,
                                 dz, examples.count, worker);
}

void ConvProducer::backward_input(float* dx, const float* dz, Range examples, int worker) {
  convolution_->backward_data(dx, dz, packed_backward_.data, examples.count, worker);
}

void ConvProducer::end_backward(const Pass& pass, std::int64_t pieces) {
  const std::int64_t size = convolution_->gradient_size();
  pass.team.share(std::as_writable_bytes(
                      std::span(gradient_parts_.data, static_cast<std::size_t>(pieces * size))),
                  {pieces, 1});
  merge_tree(pieces, [&](std::int64_t into, std::int64_t from) {
    float* total = gradient_parts_.data + into * size;
    const float* part = gradient_parts_.data + from * size;
    for (std::int64_t i = 0; i < size; ++i) total[i] += part[i];
  });
  convolution_->unpack_gradient(parameters_.weight.gradient, gradient_parts_.data);
}

}  // namespace normlab
