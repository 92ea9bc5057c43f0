#pragma once

#include <cstdint>
#include <span>

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

  /// What a resumed trial must have back, apart from the parameters. Spans are empty where the
  /// method keeps nothing.
  struct State {
    std::int64_t steps = 0;
    std::span<float> first;
    std::span<float> second;
  };
  State state() const { return {steps_, first_.span(), second_.span()}; }
  /// After the spans of `state()` were filled in again.
  void resume_at(std::int64_t steps) { steps_ = steps; }

 private:
  double clip_factor() const;

  OptimizerOptions options_;
  const ParameterBuffer& parameters_;
  AlignedBuffer<float> first_;   ///< sgd: velocity; adam: first moment
  AlignedBuffer<float> second_;  ///< adam: second moment
  std::int64_t steps_ = 0;
};

}  // namespace normlab
