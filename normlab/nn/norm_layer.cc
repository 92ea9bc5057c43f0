#include "normlab/nn/norm_layer.h"

#include <fmt/format.h>

#include "normlab/nn/batch_norm.h"

namespace normlab {

std::unique_ptr<Layer> NormLayer::parse(LayerText& text, const NetworkOptions& options) {
  std::optional<double> gamma;
  if (text.take("gamma")) gamma = text.number("an initial gamma", -1e6, 1e6);
  text.end();
  return std::make_unique<NormLayer>(options.norm, gamma);
}

std::string NormLayer::text() const {
  return gamma_ ? fmt::format("norm gamma {}", *gamma_) : "norm";
}

std::unique_ptr<Norm> NormLayer::make_norm() const {
  if (options_.kind == NormKind::none) return nullptr;
  NormOptions options = options_;
  options.gamma_init = gamma_.value_or(options_.gamma_init);
  return std::make_unique<BatchNorm>(options);
}

}  // namespace normlab
