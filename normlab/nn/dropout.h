#pragma once

#include <memory>
#include <string>

#include "normlab/nn/layer.h"
#include "normlab/nn/layer_text.h"

namespace normlab {

/// Zeroes each value with probability `rate` in training and divides the others by 1 - rate
/// (Srivastava et al. 2014, in the inverted form); nothing in evaluation. Masks depend on the seed,
/// the step and the layer's position only.
class Dropout : public Layer {
 public:
  static constexpr std::string_view kUsage = "dropout P";
  static std::unique_ptr<Layer> parse(LayerText& text, const NetworkOptions&);

  explicit Dropout(double rate) : rate_(rate) {}

  std::string text() const override;
  Shape plan(Planner& planner, const Shape& input) override;
  const float* forward(const Pass& pass, const float* x) override;
  float* backward(const Pass& pass, float* dy) override;
  std::string find_non_finite(const Pass& pass) const override;

 private:
  double rate_;
  std::int64_t size_ = 0;
  std::uint64_t ordinal_ = 0;  ///< tells the network's dropout layers apart
  ArenaSlice<float> y_;
  ArenaSlice<float> mask_;
};

}  // namespace normlab
