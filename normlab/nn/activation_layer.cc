#include "normlab/nn/activation_layer.h"

#include <fmt/format.h>

namespace normlab {

std::unique_ptr<Layer> ActivationLayer::make(ActivationKind kind, LayerText& text) {
  Activation activation{.kind = kind};
  if (kind == ActivationKind::leaky_relu && text.take("slope")) {
    activation.negative_slope = static_cast<float>(text.number("a slope", 1e-6, 1));
  }
  text.end();
  return std::make_unique<ActivationLayer>(activation);
}

std::string ActivationLayer::text() const {
  switch (activation_.kind) {
    case ActivationKind::identity:
      return "identity";
    case ActivationKind::relu:
      return "relu";
    case ActivationKind::leaky_relu:
      return activation_.negative_slope == Activation{}.negative_slope
                 ? "leaky_relu"
                 : fmt::format("leaky_relu slope {}", activation_.negative_slope);
    case ActivationKind::sigmoid:
      return "sigmoid";
    case ActivationKind::tanh:
      return "tanh";
    case ActivationKind::gelu:
      return "gelu";
  }
  return {};
}

}  // namespace normlab
