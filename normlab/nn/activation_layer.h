#pragma once

#include <memory>
#include <string>

#include "normlab/kernels/activation.h"
#include "normlab/nn/channelwise_layer.h"
#include "normlab/nn/layer_text.h"

namespace normlab {

/// relu, leaky_relu [SLOPE], sigmoid, tanh or gelu.
class ActivationLayer : public ChannelwiseLayer {
 public:
  template <ActivationKind kind>
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&) {
    return make(kind, text);
  }

  explicit ActivationLayer(Activation activation) : activation_(activation) {}

  std::string text() const override;
  Activation activation() const { return activation_; }

 private:
  static std::unique_ptr<Layer> make(ActivationKind kind, LayerText& text);

  Activation activation_;
};

}  // namespace normlab
