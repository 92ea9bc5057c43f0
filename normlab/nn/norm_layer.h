#pragma once

#include <memory>
#include <optional>
#include <string>

#include "normlab/nn/layer.h"
#include "normlab/nn/layer_text.h"
#include "normlab/nn/options.h"

namespace normlab {

/// A norm slot: what fills it is a setting (NormOptions::kind), not part of the model; its initial
/// gamma may be.
class NormLayer : public Layer {
 public:
  static constexpr std::string_view kUsage = "norm [gamma V]";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions& options);

  NormLayer(const NormOptions& options, std::optional<double> gamma)
      : options_(options), gamma_(gamma) {}

  std::string text() const override;
  LayerRole role() const override { return LayerRole::norm; }
  std::unique_ptr<Norm> make_norm() const override;

 private:
  NormOptions options_;
  std::optional<double> gamma_;  ///< in place of NormOptions::gamma_init
};

}  // namespace normlab
