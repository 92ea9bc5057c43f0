#pragma once

#include <cstdint>
#include <span>

#include "normlab/base/aligned_buffer.h"
#include "normlab/nn/parameters.h"
#include "normlab/optim/options.h"

namespace normlab {

/// Steps a network's parameters along their gradients: one loop over each run of the flat buffer.
/// Holds the velocity or the moments. The parameters must outlive it.
///
/// What a step does to a parameter depends on nothing but that parameter and its gradient, so it
/// may be taken piece by piece, on any threads, in any order:
///   network.backward(optimizer.begin_step(lr) ? &optimizer : nullptr);
///   optimizer.finish_step();
class Optimizer : public GradientSink {
 public:
  Optimizer(const OptimizerOptions& options, const ParameterBuffer& parameters);

  /// One step at learning rate `lr` with the network's stored gradients; clips them first when the
  /// options ask for it.
  void step(double lr);

  /// Begins a step. True when it may take gradients during the backward pass; false when it must
  /// see all of them first, to clip them.
  bool begin_step(double lr);
  /// Steps the weights the gradient is of.
  void take(const ParameterSlice& slice, std::int64_t first, std::int64_t count,
            const float* gradient) override;
  /// Steps all other parameters.
  void finish_step();

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
  void step_run(ParameterKind kind, std::int64_t offset, std::int64_t count, const float* gradient,
                float scale);
  double clip_factor() const;

  OptimizerOptions options_;
  const ParameterBuffer& parameters_;
  AlignedBuffer<float> first_;   ///< sgd: velocity; adam: first moment
  AlignedBuffer<float> second_;  ///< adam: second moment
  std::int64_t steps_ = 0;
  // Of the step at hand.
  double lr_ = 0;
  double correction1_ = 1;
  double correction2_ = 1;
  bool takes_ = false;  ///< gradients, during the backward pass
};

}  // namespace normlab
