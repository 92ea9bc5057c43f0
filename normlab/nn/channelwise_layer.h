#pragma once

#include "normlab/nn/epilogue.h"
#include "normlab/nn/layer.h"

namespace normlab {

/// An activation or a norm. Usually absorbed by the layer before it; where that cannot take it, it
/// runs by itself, as an epilogue without a producer, and absorbs what follows.
class ChannelwiseLayer : public Layer {
 public:
  bool absorb(Layer& next) override;
  Shape plan(Planner& planner, const Shape& input) override;
  const float* forward(const Pass& pass, const float* x) override;
  float* backward(const Pass& pass, float* dy) override;
  std::string find_non_finite(const Pass& pass) const override;

 private:
  Epilogue& epilogue();

  Epilogue epilogue_;
  bool started_ = false;  ///< the epilogue holds this layer
  bool input_gradient_ = false;
};

}  // namespace normlab
