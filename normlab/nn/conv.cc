#include "normlab/nn/conv.h"

#include "normlab/base/error.h"
#include "normlab/nn/piece_size.h"

namespace normlab {
namespace {

constexpr std::int64_t kMaxChannels = 100'000;
constexpr std::int64_t kMaxKernel = 1'000;

}  // namespace

std::unique_ptr<Layer> Conv::parse(LayerText& text, const NetworkOptions& options) {
  Geometry geometry;
  geometry.channels = text.integer("a number of channels", 1, kMaxChannels);
  geometry.kernel = text.kernel(kMaxKernel);
  if (text.take("stride")) geometry.stride = text.integer("a stride", 1, kMaxKernel);
  if (text.take("pad")) {
    if (text.take("same")) {
      if (geometry.stride != 1 || geometry.kernel % 2 == 0) {
        fail(
            "layer '{}': 'pad same' needs stride 1 and an odd kernel; give the padding as a number",
            text.text());
      }
      geometry.padding = geometry.kernel / 2;
    } else {
      geometry.padding = text.integer("a padding, or 'same',", 0, geometry.kernel - 1);
    }
  }
  text.end();
  return std::make_unique<Conv>(geometry, options.redundant_bias);
}

std::string Conv::text() const {
  std::string text =
      fmt::format("conv {} {}x{}", geometry_.channels, geometry_.kernel, geometry_.kernel);
  if (geometry_.stride != 1) text += fmt::format(" stride {}", geometry_.stride);
  if (geometry_.padding != 0) text += fmt::format(" pad {}", geometry_.padding);
  return text;
}

bool Conv::absorb(Layer& next) {
  if (pool_ != nullptr) return false;
  if (epilogue_.absorb(next)) return true;
  pool_ = dynamic_cast<MaxPool*>(&next);
  return pool_ != nullptr;
}

void Conv::plan_parameters(Planner& planner) {
  const std::int64_t area = geometry_.kernel * geometry_.kernel;
  const Fans fans{shape_.in_channels * area, geometry_.channels * area};
  Parameter weight{
      .name = name() + ".weight",
      .kind = ParameterKind::weight,
      .shape = {geometry_.channels, shape_.in_channels, geometry_.kernel, geometry_.kernel}};
  weight.fans = fans;
  planner.add_parameter(weight_, std::move(weight));
  has_bias_ = redundant_bias_ == RedundantBias::keep || !epilogue_.makes_bias_redundant();
  if (!has_bias_) return;
  Parameter bias{
      .name = name() + ".bias", .kind = ParameterKind::bias, .shape = {geometry_.channels}};
  bias.fans = fans;
  planner.add_parameter(bias_, std::move(bias));
}

Shape Conv::plan(Planner& planner, const Shape& input) {
  if (input.flat)
    fail("expects an image, got a flat input of {}; put it before 'flatten'", input.size());
  shape_ = {.height = input.height,
            .width = input.width,
            .in_channels = input.channels,
            .out_channels = geometry_.channels,
            .kernel = geometry_.kernel,
            .stride = geometry_.stride,
            .padding = geometry_.padding};
  if (std::min(input.height, input.width) + 2 * geometry_.padding < geometry_.kernel) {
    fail("a kernel of {0}x{0} does not fit into {1} with padding {2}", geometry_.kernel,
         to_string(input), geometry_.padding);
  }
  input_gradient_ = planner.input_gradient();
  const Shape output{shape_.output_height(), shape_.output_width(), geometry_.channels};
  plan_parameters(planner);
  if (pool_ != nullptr && !input_gradient_) {
    const PooledConv::Parts parts{.conv = this,
                                  .before = epilogue_.layer_before_norm(),
                                  .norm = epilogue_.norm(),
                                  .after = epilogue_.layer_after_norm(),
                                  .pool = pool_,
                                  .weight = &weight_,
                                  .bias = has_bias_ ? &bias_ : nullptr};
    if (PooledConv::suits(shape_, parts)) {
      pool_->leave_to_producer();
      pooled_.emplace(planner, shape_, parts);
      return output;
    }
  }

  examples_per_piece_ = examples_per_piece(output.size(), planner.max_examples());
  epilogue_.plan(planner, {.shape = output,
                           .examples_per_piece = examples_per_piece_,
                           .has_producer = true,
                           .lends_output = pool_ == nullptr,
                           .bias = has_bias_ ? &bias_ : nullptr});
  if (input_gradient_) planner.reserve_input_gradient(dx_, planner.max_examples() * input.size());
  if (planner.dry()) return output;
  convolution_.emplace(shape_, examples_per_piece_, planner.threads());
  planner.reserve(packed_forward_, convolution_->packed_forward_size());
  planner.reserve(packed_backward_, convolution_->packed_backward_size());
  planner.reserve(gradient_parts_, convolution_->gradient_size() *
                                       Pieces{planner.max_examples(), examples_per_piece_}.count());
  return output;
}

double Conv::flops() const {
  const std::int64_t multiply_adds =
      shape_.output_height() * shape_.output_width() * shape_.weight_count();
  return 2 * static_cast<double>(multiply_adds);
}

const float* Conv::forward(const Pass& pass, const float* x) {
  if (pooled_) return pooled_->forward(pass, x);
  x_ = x;
  convolution_->pack_forward(packed_forward_.data, weight_.value);
  epilogue_.begin(pass, epilogue_.z());
  const Pieces pieces{pass.examples, examples_per_piece_};
  pass.pool.run(pieces.count(), [&](std::int64_t piece, int worker) {
    const Range examples = pieces.range(piece);
    convolution_->forward(epilogue_.z() + examples.first * shape_.output_size(),
                          x + examples.first * shape_.input_size(), packed_forward_.data,
                          examples.count, worker);
    epilogue_.forward_rows(pass, piece);
  });
  if (epilogue_.needs_merge(pass)) {
    epilogue_.merge_forward();
    pass.pool.run(pieces.count(),
                  [&](std::int64_t piece) { epilogue_.finish_forward_rows(piece); });
  }
  if (pool_ == nullptr) return epilogue_.output();
  const LayerTimes::Inside timer(pass.times, pool_->index(), Way::forward, 1);
  return pool_->forward(pass, epilogue_.output());
}

float* Conv::backward(const Pass& pass, float* dy) {
  if (pooled_) {
    pooled_->backward(pass, dy);
    return nullptr;
  }
  if (pool_ != nullptr) {
    const LayerTimes::Inside timer(pass.times, pool_->index(), Way::backward, 1);
    dy = pool_->backward(pass, dy);
  }
  const Pieces pieces{pass.examples, examples_per_piece_};
  if (input_gradient_) convolution_->pack_backward(packed_backward_.data, weight_.value);
  if (epilogue_.has_norm()) {
    pass.pool.run(pieces.count(), [&](std::int64_t piece) { epilogue_.backward_rows(dy, piece); });
    epilogue_.merge_backward(pass);
  }
  pass.pool.run(pieces.count(), [&](std::int64_t piece, int worker) {
    epilogue_.finish_backward_rows(dy, piece);
    const Range examples = pieces.range(piece);
    const float* dz = dy + examples.first * shape_.output_size();
    convolution_->backward_weights(gradient_parts_.data + piece * convolution_->gradient_size(),
                                   x_ + examples.first * shape_.input_size(), dz, examples.count,
                                   worker);
    if (!input_gradient_) return;
    convolution_->backward_data(dx_.data + examples.first * shape_.input_size(), dz,
                                packed_backward_.data, examples.count, worker);
  });
  epilogue_.merge_bias();
  merge_weight_gradient(pieces.count());
  return dx_.data;
}

void Conv::merge_weight_gradient(std::int64_t pieces) {
  const std::int64_t size = convolution_->gradient_size();
  float* total = gradient_parts_.data;
  for (std::int64_t piece = 1; piece < pieces; ++piece) {
    const float* part = gradient_parts_.data + piece * size;
    for (std::int64_t i = 0; i < size; ++i) total[i] += part[i];
  }
  convolution_->unpack_gradient(weight_.gradient, total);
}

std::string Conv::find_non_finite(const Pass& pass) const {
  if (pooled_) return pooled_->find_non_finite(pass);
  return epilogue_.find_non_finite(label());
}

}  // namespace normlab
