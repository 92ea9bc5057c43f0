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
  const FlushDenormals flush;
  ++steps_;
  const auto scale = static_cast<float>(clip_factor());
  const auto t = static_cast<double>(steps_);
  for (const ParameterRun& run : parameters_.runs()) {
    const bool decays =
        options_.weight_decay_on == DecayOn::all || run.kind == ParameterKind::weight;
    const auto decay = static_cast<float>(decays ? options_.weight_decay : 0);
    float* weights = parameters_.values() + run.offset;
    const float* gradient = parameters_.gradients() + run.offset;
    const auto count = static_cast<std::size_t>(run.size);
    if (options_.kind == OptimizerKind::sgd) {
      float* velocity = options_.momentum == 0 ? nullptr : first_.data() + run.offset;
      kernels::sgd_step(weights, velocity, gradient, count,
                        {.lr = static_cast<float>(lr),
                         .momentum = static_cast<float>(options_.momentum),
                         .weight_decay = decay,
                         .nesterov = options_.nesterov,
                         .first = steps_ == 1,
                         .gradient_scale = scale});
    } else {
      kernels::adam_step(weights, first_.data() + run.offset, second_.data() + run.offset, gradient,
                         count,
                         {.lr = static_cast<float>(lr),
                          .beta1 = options_.beta1,
                          .beta2 = options_.beta2,
                          .eps = static_cast<float>(options_.adam_eps),
                          .weight_decay = decay,
                          .decoupled = options_.kind == OptimizerKind::adamw,
                          .correction1 = 1 - std::pow(options_.beta1, t),
                          .correction2 = 1 - std::pow(options_.beta2, t),
                          .gradient_scale = scale});
    }
  }
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
