#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "normlab/nn/layer.h"

namespace normlab {

/// One line of a network's summary.
struct LayerSummary {
  std::string label;  ///< "3: linear 64"
  std::string kind;   ///< "linear"
  Shape output;
  double flops = 0;
  bool fused = false;  ///< runs inside the layer before it
  std::int64_t parameters = 0;
};

/// Layers one after the other; a layer itself, so networks are trees. Layers that can run inside
/// the one before them do, unless told otherwise.
class Sequential : public Layer {
 public:
  /// Without `fuse` every layer runs by itself.
  Sequential(std::vector<std::unique_ptr<Layer>> layers, bool fuse);

  std::string text() const override;
  Shape plan(Planner& planner, const Shape& input) override;
  double flops() const override;
  const float* forward(const Pass& pass, const float* x) override;
  float* backward(const Pass& pass, float* dy) override;
  std::string find_non_finite(const Pass& pass) const override;

  const std::vector<LayerSummary>& summary() const { return summary_; }

 private:
  std::vector<std::unique_ptr<Layer>> layers_;
  std::vector<Layer*> heads_;  ///< those that run; the others were absorbed by the head before them
  std::vector<LayerSummary> summary_;
};

}  // namespace normlab
