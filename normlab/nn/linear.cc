#include "normlab/nn/linear.h"

#include "normlab/base/error.h"
#include "normlab/kernels/gemm.h"

namespace normlab {
namespace {

constexpr std::int64_t kMaxUnits = 1'000'000;

/// Columns of a forward block: at 128, oneDNN's gemm is as fast as on the whole matrix, and a batch
/// of 256 rows by 128 columns still fits the first-level cache twice over into the second.
constexpr std::int64_t kOutputBlock = 128;

/// Backward blocks have about this many inputs; they are made equal, in whole cache lines, so that
/// no thread is left with a small rest.
constexpr std::int64_t kInputBlock = 256;

Pieces input_blocks(std::int64_t inputs) {
  const std::int64_t count = Pieces{inputs, kInputBlock}.count();
  constexpr std::int64_t line = static_cast<std::int64_t>(kAlignment / sizeof(float));
  const std::int64_t size = (inputs + count - 1) / count;
  return {inputs, (size + line - 1) / line * line};
}

}  // namespace

std::unique_ptr<Layer> Linear::parse(LayerText& text, const NetworkOptions& options) {
  const std::int64_t units = text.integer("a number of units", 1, kMaxUnits);
  text.end();
  return std::make_unique<Linear>(units, options.redundant_bias);
}

std::string Linear::text() const {
  return fmt::format("linear {}", units_);
}

Shape Linear::plan(Planner& planner, const Shape& input) {
  if (!input.flat) fail("expects a flat input, got {}; put 'flatten' before it", to_string(input));
  inputs_ = input.size();
  input_gradient_ = planner.input_gradient();
  const Shape output = Shape::vector(units_);
  const Fans fans{inputs_, units_};

  Parameter weight{
      .name = name() + ".weight", .kind = ParameterKind::weight, .shape = {units_, inputs_}};
  weight.fans = fans;
  weight.position = [input, units = units_](std::int64_t i) {
    return from_channel_first(input, i % input.size()) * units + i / input.size();
  };
  planner.add_parameter(weight_, std::move(weight));
  const bool has_bias = redundant_bias_ == RedundantBias::keep || !epilogue_.makes_bias_redundant();
  if (has_bias) {
    Parameter bias{.name = name() + ".bias", .kind = ParameterKind::bias, .shape = {units_}};
    bias.fans = fans;
    planner.add_parameter(bias_, std::move(bias));
  }

  weight_.given_in_backward = true;
  planner.reserve(given_gradient_, planner.threads() * input_blocks(inputs_).size * units_);
  if (input_gradient_) planner.reserve_gradient(dx_, planner.max_examples() * inputs_);
  epilogue_.plan(planner, {.shape = output,
                           .examples_per_piece = planner.max_examples(),
                           .has_producer = true,
                           .bias = has_bias ? &bias_ : nullptr});
  return output;
}

double Linear::flops() const {
  return 2 * static_cast<double>(inputs_) * static_cast<double>(units_);
}

const float* Linear::forward(const Pass& pass, const float* x) {
  x_ = x;
  const ConstMatrix input{x, pass.examples, inputs_, inputs_};
  const Matrix z{epilogue_.z(), pass.examples, units_, units_};
  epilogue_.begin(pass, epilogue_.z());
  const Pieces blocks{units_, kOutputBlock};
  pass.pool.run(blocks.count(), [&](std::int64_t i) {
    const Range block = blocks.range(i);
    kernels::gemm(z.channel_range(block.first, block.count), input, kernels::Transpose::no,
                  weight_matrix().channel_range(block.first, block.count), kernels::Transpose::no);
    epilogue_.forward_channels(pass, block);
  });
  return epilogue_.output();
}

float* Linear::backward(const Pass& pass, float* dy) {
  const Pieces outputs{units_, kOutputBlock};
  pass.pool.run(outputs.count(),
                [&](std::int64_t i) { epilogue_.backward_channels(pass, dy, outputs.range(i)); });

  const ConstMatrix input{x_, pass.examples, inputs_, inputs_};
  const ConstMatrix dz{dy, pass.examples, units_, units_};
  const Matrix dx{dx_.data, pass.examples, inputs_, inputs_};
  const Pieces blocks = input_blocks(inputs_);
  pass.pool.run(blocks.count(), [&](std::int64_t i, int worker) {
    const Range block = blocks.range(i);
    if (input_gradient_) {
      kernels::gemm(dx.channel_range(block.first, block.count), dz, kernels::Transpose::no,
                    weight_matrix().row_range(block.first, block.count), kernels::Transpose::yes);
    }
    const std::int64_t first = block.first * units_;
    float* gradient = pass.sink == nullptr ? weight_.gradient + first
                                           : given_gradient_.data + worker * blocks.size * units_;
    kernels::gemm({gradient, block.count, units_, units_},
                  input.channel_range(block.first, block.count), kernels::Transpose::yes, dz,
                  kernels::Transpose::no);
    if (pass.sink == nullptr) return;
    const LayerTimes::Inside timer(pass.times, pass.pool.threads());
    pass.sink->take(weight_, first, block.count * units_, gradient);
  });
  return dx_.data;
}

std::string Linear::find_non_finite(const Pass&) const {
  return epilogue_.find_non_finite(label());
}

}  // namespace normlab
