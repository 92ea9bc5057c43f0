#include "normlab/nn/linear.h"

#include <algorithm>

#include "normlab/base/error.h"

namespace normlab {
namespace {

constexpr std::int64_t kMaxUnits = 1'000'000;

/// Columns of a forward block: at 128, oneDNN's gemm is as fast as on the whole matrix, and a batch
/// of 256 rows by 128 columns still fits the first-level cache twice over into the second.
constexpr std::int64_t kOutputBlock = 128;

/// Backward blocks have about this many inputs; they are made equal, in whole cache lines, so that
/// no thread is left with a small rest.
constexpr std::int64_t kInputBlock = 256;

/// A layer of so few outputs that there is but one forward block is cut along its inputs, into
/// parts of about this many, or a second thread would have nothing to do. The parts are added up in
/// order.
constexpr std::int64_t kForwardInputs = 1024;

/// Channels of a block in which such parts are added up.
constexpr std::int64_t kSumBlock = 32;

Pieces equal_blocks(std::int64_t inputs, std::int64_t about) {
  const std::int64_t count = Pieces{inputs, about}.count();
  constexpr std::int64_t line = static_cast<std::int64_t>(kAlignment / sizeof(float));
  const std::int64_t size = (inputs + count - 1) / count;
  return {inputs, (size + line - 1) / line * line};
}

Pieces input_blocks(std::int64_t inputs) {
  return equal_blocks(inputs, kInputBlock);
}

Pieces forward_parts(std::int64_t inputs, std::int64_t units) {
  return equal_blocks(inputs, units <= kOutputBlock ? kForwardInputs : inputs);
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

  products_.plan(planner, inputs_, units_);
  if (const std::int64_t parts = forward_parts(inputs_, units_).count(); parts > 1) {
    planner.reserve(forward_parts_, parts * planner.max_examples() * units_);
  }
  weight_.given_in_backward = true;
  planner.reserve(given_gradient_, planner.threads() * input_blocks(inputs_).size * units_);
  if (input_gradient_) planner.reserve_input_gradient(dx_, planner.max_examples() * inputs_);
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
  products_.begin_forward(pass, x, weight_.value);
  const Matrix z{epilogue_.z(), pass.examples, units_, units_};
  epilogue_.begin(pass, epilogue_.z());
  if (forward_parts_.data != nullptr) {
    forward_in_parts(pass, z);
    return epilogue_.output();
  }
  const Pieces blocks{units_, kOutputBlock};
  pass.pool.run(blocks.count(), [&](std::int64_t i) {
    const Range block = blocks.range(i);
    products_.forward(z.channel_range(block.first, block.count), {0, inputs_}, block);
    epilogue_.forward_channels(pass, block);
  });
  return epilogue_.output();
}

void Linear::forward_in_parts(const Pass& pass, Matrix z) {
  const Pieces parts = forward_parts(inputs_, units_);
  const auto part = [&](std::int64_t i) {
    return Matrix{forward_parts_.data + i * pass.examples * units_, pass.examples, units_, units_};
  };
  pass.pool.run(parts.count(), [&](std::int64_t i) {
    products_.forward(part(i), parts.range(i), {0, units_});
  });
  const Pieces blocks{units_, kSumBlock};
  pass.pool.run(blocks.count(), [&](std::int64_t block) {
    const Range channels = blocks.range(block);
    for (std::int64_t row = 0; row < pass.examples; ++row) {
      float* sum = z.row(row) + channels.first;
      std::copy_n(part(0).row(row) + channels.first, channels.count, sum);
      for (std::int64_t i = 1; i < parts.count(); ++i) {
        const float* more = part(i).row(row) + channels.first;
        for (std::int64_t c = 0; c < channels.count; ++c) sum[c] += more[c];
      }
    }
    epilogue_.forward_channels(pass, channels);
  });
}

float* Linear::backward(const Pass& pass, float* dy) {
  products_.begin_backward(dy);
  const Pieces outputs{units_, kOutputBlock};
  pass.pool.run(outputs.count(), [&](std::int64_t i) {
    const Range block = outputs.range(i);
    epilogue_.backward_channels(pass, dy, block);
    products_.take_gradient(block);
  });

  const Matrix dx{dx_.data, pass.examples, inputs_, inputs_};
  const Pieces blocks = input_blocks(inputs_);
  pass.pool.run(blocks.count(), [&](std::int64_t i, int worker) {
    const Range block = blocks.range(i);
    const std::int64_t first = block.first * units_;
    float* gradient = pass.sink == nullptr ? weight_.gradient + first
                                           : given_gradient_.data + worker * blocks.size * units_;
    products_.backward_weights({gradient, block.count, units_, units_}, block);
    // After the gradient of the weights, as dx may lie where x does; before the weights change.
    if (input_gradient_) {
      products_.backward_input(dx.channel_range(block.first, block.count), block);
    }
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
