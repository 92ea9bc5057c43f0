#include "normlab/nn/linear_products.h"

#include "normlab/kernels/gemm.h"

namespace normlab {
namespace {

using kernels::Transpose;

/// Examples that are rounded by one thread at a time.
constexpr std::int64_t kExamplesPerPiece = 16;

}  // namespace

void LinearProducts::plan(Planner& planner, std::int64_t inputs, std::int64_t outputs) {
  inputs_ = inputs;
  outputs_ = outputs;
  rounds_ = planner.options().precision == Precision::bf16;
  if (!rounds_) return;
  planner.reserve(rounded_x_, planner.max_examples() * inputs, Lifetime::step);
  planner.reserve(rounded_weights_, inputs * outputs, Lifetime::step);
  planner.reserve(rounded_dz_, planner.max_examples() * outputs, Lifetime::backward);
}

void LinearProducts::begin_forward(const Pass& pass, const float* x, const float* weights) {
  examples_ = pass.examples;
  exact_.x = {x, examples_, inputs_, inputs_};
  exact_.weights = {weights, inputs_, outputs_, outputs_};
  if (!rounds_) return;
  rounded_.x = {rounded_x_.data, examples_, inputs_, inputs_};
  rounded_.weights = {rounded_weights_.data, inputs_, outputs_, outputs_};
  rounded_.dz = {rounded_dz_.data, examples_, outputs_, outputs_};
  const Pieces pieces{examples_, kExamplesPerPiece};
  pass.team.run(pieces.count(), [&](std::int64_t i) {
    const Range rows = pieces.range(i);
    kernels::to_bf16(rounded_.x.row_range(rows.first, rows.count),
                     exact_.x.row_range(rows.first, rows.count));
  });
}

void LinearProducts::forward(Matrix z, Range inputs, Range outputs) {
  const auto block = [&](const auto& weights) {
    return weights.row_range(inputs.first, inputs.count)
        .channel_range(outputs.first, outputs.count);
  };
  if (rounds_) kernels::to_bf16(block(rounded_.weights), block(exact_.weights));
  with_operands([&](const auto& o) {
    kernels::gemm(z, o.x.channel_range(inputs.first, inputs.count), Transpose::no, block(o.weights),
                  Transpose::no);
  });
}

void LinearProducts::begin_backward(const float* dz) {
  exact_.dz = {dz, examples_, outputs_, outputs_};
}

void LinearProducts::take_gradient(Range outputs) const {
  if (!rounds_) return;
  kernels::to_bf16(rounded_.dz.channel_range(outputs.first, outputs.count),
                   exact_.dz.channel_range(outputs.first, outputs.count));
}

void LinearProducts::backward_weights(Matrix dweights, Range inputs) const {
  with_operands([&](const auto& o) {
    kernels::gemm(dweights, o.x.channel_range(inputs.first, inputs.count), Transpose::yes, o.dz,
                  Transpose::no);
  });
}

void LinearProducts::backward_input(Matrix dx, Range inputs) const {
  with_operands([&](const auto& o) {
    kernels::gemm(dx, o.dz, Transpose::no, o.weights.row_range(inputs.first, inputs.count),
                  Transpose::yes);
  });
}

}  // namespace normlab
