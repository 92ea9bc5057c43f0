#include "normlab/nn/dense_stage.h"

#include <algorithm>

#include "normlab/kernels/activation.h"

namespace normlab {
namespace {

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

DenseStage::DenseStage(const StageParts& parts, bool has_bias)
    : Stage(parts),
      inputs_(parts.input_shape().size()),
      units_(parts.shape().size()),
      has_bias_(has_bias),
      epilogue_(parts) {}

void DenseStage::plan_parameters(Planner& planner) {
  const LayerNode& node = *parts().producer;
  const Fans fans{inputs_, units_};
  Parameter weight{.name = node.name + ".weight",
                   .layer = node.index,
                   .kind = ParameterKind::weight,
                   .shape = {units_, inputs_}};
  weight.fans = fans;
  weight.position = [input = node.input, units = units_](std::int64_t i) {
    return from_channel_first(input, i % input.size()) * units + i / input.size();
  };
  weight_.given_in_backward = true;
  planner.add_parameter(weight_, std::move(weight));
  const bool drops_bias = planner.options().redundant_bias == RedundantBias::drop;
  has_bias_ = has_bias_ && !(drops_bias && epilogue_.makes_bias_redundant());
  if (!has_bias_) return;
  Parameter bias{.name = node.name + ".bias",
                 .layer = node.index,
                 .kind = ParameterKind::bias,
                 .shape = {units_}};
  bias.fans = fans;
  planner.add_parameter(bias_, std::move(bias));
}

void DenseStage::plan(Planner& planner) {
  plan_parameters(planner);
  products_.plan(planner, inputs_, units_);
  if (const std::int64_t parts = forward_parts(inputs_, units_).count(); parts > 1) {
    planner.reserve(forward_parts_, parts * planner.max_examples() * units_, Lifetime::forward);
  }
  planner.reserve(given_gradient_, planner.threads() * input_blocks(inputs_).size * units_,
                  Lifetime::backward);
  epilogue_.plan(planner, planner.max_examples(), has_bias_ ? &bias_ : nullptr);
  planner.keep_input();
  input_gradient_ = planner.input_gradient();
  if (!input_gradient_) return;
  planner.reserve_input_gradient(dx_, planner.max_examples() * inputs_, Planner::Overwrites::input);
}

const float* DenseStage::forward(const Pass& pass, const float* x, const float* addend) {
  products_.begin_forward(pass, x, weight_.value);
  const Matrix z{epilogue_.z(), pass.examples, units_, units_};
  epilogue_.begin_forward(pass, epilogue_.z(), addend);
  if (forward_parts_.data != nullptr) {
    forward_in_parts(pass, z);
    return epilogue_.output();
  }
  const Pieces blocks{units_, kOutputBlock};
  pass.team.run(blocks.count(), [&](std::int64_t i) {
    const Range block = blocks.range(i);
    products_.forward(z.channel_range(block.first, block.count), {0, inputs_}, block);
    epilogue_.forward_channels(pass, block);
  });
  return epilogue_.output();
}

void DenseStage::forward_in_parts(const Pass& pass, Matrix z) {
  const Pieces parts = forward_parts(inputs_, units_);
  const auto part = [&](std::int64_t i) {
    return Matrix{forward_parts_.data + i * pass.examples * units_, pass.examples, units_, units_};
  };
  pass.team.run(parts.count(), [&](std::int64_t i) {
    products_.forward(part(i), parts.range(i), {0, units_});
  });
  const Pieces blocks{units_, kSumBlock};
  pass.team.run(blocks.count(), [&](std::int64_t block) {
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

float* DenseStage::backward(const Pass& pass, float* dy, const float* also) {
  products_.begin_backward(epilogue_.begin_backward(pass, dy));
  const Pieces outputs{units_, kOutputBlock};
  pass.team.run(outputs.count(), [&](std::int64_t i) {
    const Range block = outputs.range(i);
    epilogue_.backward_channels(pass, block);
    products_.take_gradient(block);
  });
  epilogue_.end_backward(pass);

  const Pieces blocks = input_blocks(inputs_);
  pass.team.run(blocks.count(), [&](std::int64_t i, int worker) {
    backward_block(pass, blocks.range(i), worker, also);
  });
  return dx_.data;
}

/// The gradients of some inputs and their weights.
void DenseStage::backward_block(const Pass& pass, Range block, int worker, const float* also) {
  const std::int64_t first = block.first * units_;
  const std::int64_t block_size = input_blocks(inputs_).size * units_;
  float* gradient =
      pass.sink == nullptr ? weight_.gradient + first : given_gradient_.data + worker * block_size;
  products_.backward_weights({gradient, block.count, units_, units_}, block);
  // After the gradient of the weights, as dx may lie where x does; before the weights change.
  if (input_gradient_) {
    const Matrix dx =
        Matrix{dx_.data, pass.examples, inputs_, inputs_}.channel_range(block.first, block.count);
    products_.backward_input(dx, block);
    if (also != nullptr) {
      const ConstMatrix more{also + block.first, pass.examples, block.count, inputs_};
      kernels::add_activation_forward(dx, dx, more, {});
    }
  }
  if (pass.sink == nullptr) return;
  const LayerTimes::Inside timer(pass.times, pass.team.threads());
  pass.sink->take(weight_, first, block.count * units_, gradient);
}

const LayerNode* DenseStage::find_non_finite(const Pass&) const {
  return epilogue_.find_non_finite();
}

}  // namespace normlab
