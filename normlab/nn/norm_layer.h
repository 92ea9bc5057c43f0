#pragma once

#include <memory>
#include <string>

#include "normlab/nn/channelwise_layer.h"
#include "normlab/nn/layer_text.h"
#include "normlab/nn/norm.h"

namespace normlab {

/// A norm slot: what fills it is a setting (NormOptions::kind), not part of the model.
class NormLayer : public ChannelwiseLayer {
 public:
  static constexpr std::string_view kUsage = "norm";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions& options);

  explicit NormLayer(NormKind kind) : kind_(kind) {}

  std::string text() const override { return "norm"; }
  /// True when the slot is empty.
  bool is_identity() const { return kind_ == NormKind::none; }
  BatchNorm& batch_norm() { return batch_norm_; }

 private:
  NormKind kind_;
  BatchNorm batch_norm_;
};

}  // namespace normlab
