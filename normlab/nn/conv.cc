#include "normlab/nn/conv.h"

#include <algorithm>

#include "normlab/base/error.h"
#include "normlab/nn/conv_producer.h"
#include "normlab/nn/pooled_conv.h"

namespace normlab {
namespace {

constexpr std::int64_t kMaxChannels = 100'000;
constexpr std::int64_t kMaxKernel = 1'000;

std::int64_t parse_padding(LayerText& text, const Conv::Geometry& geometry) {
  if (!text.take("same")) {
    return text.integer("a padding, or 'same',", 0, geometry.kernel - 1);
  }
  if (geometry.stride != 1 || geometry.kernel % 2 == 0) {
    fail("layer '{}': 'pad same' needs stride 1 and an odd kernel; give the padding as a number",
         text.text());
  }
  return geometry.kernel / 2;
}

}  // namespace

std::unique_ptr<Layer> Conv::parse(LayerText& text, const NetworkOptions&) {
  Geometry geometry;
  geometry.channels = text.integer("a number of channels", 1, kMaxChannels);
  geometry.kernel = text.kernel(kMaxKernel);
  if (text.take("stride")) geometry.stride = text.integer("a stride", 1, kMaxKernel);
  if (text.take("pad")) geometry.padding = parse_padding(text, geometry);
  const bool has_bias = text.bias();
  text.end();
  return std::make_unique<Conv>(geometry, has_bias);
}

std::string Conv::text() const {
  std::string text =
      fmt::format("conv {} {}x{}", geometry_.channels, geometry_.kernel, geometry_.kernel);
  if (geometry_.stride != 1) text += fmt::format(" stride {}", geometry_.stride);
  if (geometry_.padding != 0) text += fmt::format(" pad {}", geometry_.padding);
  if (!has_bias_) text += " bias off";
  return text;
}

kernels::ConvolutionShape Conv::shape(const Shape& input) const {
  return {.height = input.height,
          .width = input.width,
          .in_channels = input.channels,
          .out_channels = geometry_.channels,
          .kernel = geometry_.kernel,
          .stride = geometry_.stride,
          .padding = geometry_.padding};
}

Shape Conv::output(const Shape& input) const {
  if (input.flat)
    fail("expects an image, got a flat input of {}; put it before 'flatten'", input.size());
  if (std::min(input.height, input.width) + 2 * geometry_.padding < geometry_.kernel) {
    fail("a kernel of {0}x{0} does not fit into {1} with padding {2}", geometry_.kernel,
         to_string(input), geometry_.padding);
  }
  const kernels::ConvolutionShape s = shape(input);
  return {s.output_height(), s.output_width(), geometry_.channels};
}

double Conv::flops(const Shape& input) const {
  const kernels::ConvolutionShape s = shape(input);
  return 2 * static_cast<double>(s.output_height() * s.output_width() * s.weight_count());
}

std::unique_ptr<Stage> Conv::make_stage(const StageParts& parts) const {
  const kernels::ConvolutionShape s = shape(parts.input_shape());
  if (parts.pool != nullptr) return std::make_unique<PooledConv>(parts, s, has_bias_);
  return std::make_unique<RowStage>(parts,
                                    std::make_unique<ConvProducer>(*parts.producer, s, has_bias_));
}

bool Conv::can_pool(const StageParts& parts) const {
  return PooledConv::suits(shape(parts.input_shape()), parts);
}

}  // namespace normlab
