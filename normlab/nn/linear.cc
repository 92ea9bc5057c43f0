#include "normlab/nn/linear.h"

#include "normlab/base/error.h"
#include "normlab/nn/dense_stage.h"

namespace normlab {
namespace {

constexpr std::int64_t kMaxUnits = 1'000'000;

}  // namespace

std::unique_ptr<Layer> Linear::parse(LayerText& text, const NetworkOptions&) {
  const std::int64_t units = text.integer("a number of units", 1, kMaxUnits);
  const bool has_bias = text.bias();
  text.end();
  return std::make_unique<Linear>(units, has_bias);
}

std::string Linear::text() const {
  return fmt::format("linear {}{}", units_, has_bias_ ? "" : " bias off");
}

Shape Linear::output(const Shape& input) const {
  // An image of one pixel, as global_avgpool leaves it, is a vector.
  if (!input.flat && input.positions() != 1) {
    fail("expects a flat input, got {}; put 'flatten' before it", to_string(input));
  }
  return Shape::vector(units_);
}

double Linear::flops(const Shape& input) const {
  return 2 * static_cast<double>(input.size()) * static_cast<double>(units_);
}

std::unique_ptr<Stage> Linear::make_stage(const StageParts& parts) const {
  return std::make_unique<DenseStage>(parts, has_bias_);
}

}  // namespace normlab
