#include "normlab/optim/optimizer.h"

#include <cmath>

#include "normlab/base/flush_denormals.h"
#include "normlab/kernels/optimizer.h"

namespace normlab {
namespace {

bool uses_first(const OptimizerOptions& options) {
  return options.kind != OptimizerKind::sgd || options.momentum != 0;
}

}  // namespace

Optimizer::Optimizer(const OptimizerOptions& options, const ParameterBuffer& parameters)
    : options_(options),
      parameters_(parameters),
      first_(uses_first(options) ? static_cast<std::size_t>(parameters.size()) : 0),
      second_(options.kind != OptimizerKind::sgd ? static_cast<std::size_t>(parameters.size())
                                                 : 0) {}

void Optimizer::step(double lr) {
  begin_step(lr);
  takes_ = false;
  finish_step();
}

bool Optimizer::begin_step(double lr) {
  ++steps_;
  const auto t = static_cast<double>(steps_);
  lr_ = lr;
  correction1_ = 1 - std::pow(options_.beta1, t);
  correction2_ = 1 - std::pow(options_.beta2, t);
  takes_ = options_.clip == 0;
  return takes_;
}

void Optimizer::take(const ParameterSlice& slice, std::int64_t first, std::int64_t count,
                     const float* gradient) {
  step_run(ParameterKind::weight, slice.value - parameters_.values() + first, count, gradient, 1);
}

void Optimizer::finish_step() {
  const FlushDenormals flush;
  const auto scale = static_cast<float>(clip_factor());
  for (const ParameterRun& run : parameters_.runs()) {
    if (takes_ && run.given_in_backward) continue;
    step_run(run.kind, run.offset, run.size, parameters_.gradients() + run.offset, scale);
  }
}

void Optimizer::step_run(ParameterKind kind, std::int64_t offset, std::int64_t count,
                         const float* gradient, float scale) {
  const auto decay = static_cast<float>(options_.decays[kind] ? options_.weight_decay : 0);
  const auto lr = static_cast<float>(lr_ * options_.lr_multiplier[kind]);
  float* weights = parameters_.values() + offset;
  const auto size = static_cast<std::size_t>(count);
  if (options_.kind == OptimizerKind::sgd) {
    float* velocity = options_.momentum == 0 ? nullptr : first_.data() + offset;
    kernels::sgd_step(weights, velocity, gradient, size,
                      {.lr = lr,
                       .momentum = static_cast<float>(options_.momentum),
                       .weight_decay = decay,
                       .nesterov = options_.nesterov,
                       .first = steps_ == 1,
                       .gradient_scale = scale});
    return;
  }
  kernels::adam_step(weights, first_.data() + offset, second_.data() + offset, gradient, size,
                     {.lr = lr,
                      .beta1 = options_.beta1,
                      .beta2 = options_.beta2,
                      .eps = static_cast<float>(options_.adam_eps),
                      .weight_decay = decay,
                      .decoupled = options_.kind == OptimizerKind::adamw,
                      .correction1 = correction1_,
                      .correction2 = correction2_,
                      .gradient_scale = scale});
}

double Optimizer::clip_factor() const {
  if (options_.clip == 0) return 1;
  double squares = 0;
  for (const ParameterRun& run : parameters_.runs()) {
    squares += kernels::sum_of_squares(parameters_.gradients() + run.offset,
                                       static_cast<std::size_t>(run.size));
  }
  const double norm = std::sqrt(squares);
  return norm > options_.clip ? options_.clip / norm : 1;
}

}  // namespace normlab
