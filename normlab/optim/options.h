#pragma once

#include <cstdint>

namespace normlab {

enum class OptimizerKind { sgd, adam, adamw };
/// Which parameters weight decay applies to: `weights` leaves biases, gammas and betas alone.
enum class DecayOn { weights, all };
enum class ScheduleKind { constant, step, cosine, one_cycle };

/// How the learning rate changes over a trial.
///   constant   lr
///   step       lr * factor^(epochs completed / every_epochs)
///   cosine     lr * (1 + cos(pi * t)) / 2, t = share of all steps done
///   one_cycle  linear from lr/25 to lr over the first 30 % of the steps, then cosine down to
///              lr/250000 (Smith & Topin 2019, with PyTorch OneCycleLR's default fractions)
struct ScheduleOptions {
  ScheduleKind kind = ScheduleKind::constant;
  std::int64_t every_epochs = 1;  ///< step only, >= 1
  double factor = 0.1;            ///< step only, > 0
};

struct OptimizerOptions {
  OptimizerKind kind = OptimizerKind::adam;
  double lr = 0.001;
  double momentum = 0;  ///< sgd only, [0, 1)
  bool nesterov = false;
  double weight_decay = 0;
  DecayOn weight_decay_on = DecayOn::weights;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double adam_eps = 1e-8;
  double clip = 0;  ///< largest Euclidean norm of the whole gradient; 0 leaves it alone
  ScheduleOptions schedule = {};
};

}  // namespace normlab
