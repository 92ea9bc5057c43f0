#pragma once

#include <cstdint>
#include <memory>

#include "normlab/base/aligned_buffer.h"
#include "normlab/nn/parameters.h"
#include "normlab/optim/options.h"

namespace normlab {

/// Steps a network's parameters along their gradients: one loop over each run of the flat buffer.
/// Holds the velocity or the moments. The parameters must outlive it.
class Optimizer {
 public:
  Optimizer(const OptimizerOptions& options, const ParameterBuffer& parameters);

  /// One step at learning rate `lr`; clips the gradient first when the options ask for it.
  void step(double lr);

  /// Steps done so far.
  std::int64_t steps() const { return steps_; }

 private:
  double clip_factor() const;

  OptimizerOptions options_;
  const ParameterBuffer& parameters_;
  AlignedBuffer<float> first_;   ///< sgd: velocity; adam: first moment
  AlignedBuffer<float> second_;  ///< adam: second moment
  std::int64_t steps_ = 0;
};

}  // namespace normlab
