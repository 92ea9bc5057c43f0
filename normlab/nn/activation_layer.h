#pragma once

#include <memory>
#include <string>

#include "normlab/kernels/activation.h"
#include "normlab/nn/layer.h"
#include "normlab/nn/layer_text.h"
#include "normlab/nn/options.h"

namespace normlab {

/// relu, leaky_relu [slope S], sigmoid, tanh or gelu.
class ActivationLayer : public Layer {
 public:
  template <ActivationKind kind>
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&) {
    return make(kind, text);
  }

  explicit ActivationLayer(Activation activation) : activation_(activation) {}

  std::string text() const override;
  LayerRole role() const override { return LayerRole::activation; }
  Activation activation() const override { return activation_; }

 private:
  static std::unique_ptr<Layer> make(ActivationKind kind, LayerText& text);

  Activation activation_;
};

}  // namespace normlab
