#pragma once

#include <cstdint>
#include <vector>

#include "normlab/nn/parameter_kind.h"

namespace normlab {

enum class OptimizerKind { sgd, adam, adamw };
enum class ScheduleKind { constant, step, milestones, cosine, linear, one_cycle };

/// How the learning rate changes over a trial of T steps, of which the first W warm up. With s the
/// number of steps done, t = (s - W) / (T - W), and lr the largest rate:
///   warm-up     lr * (s + 1) / W while s < W; not under one_cycle, which has its own
///   constant    lr
///   step        lr * factor^(epochs completed / every_epochs)
///   milestones  lr * factor^(how many of the milestones are at most the epochs completed)
///   cosine      lr * (end + (1 - end) * (1 + cos(pi * t)) / 2)    (Loshchilov & Hutter 2017, eq. 5)
///   linear      lr * (1 - (1 - end) * t)
///   one_cycle   linear from lr/25 to lr over the first 30 % of the steps, then cosine down to
///               lr/250000 (Smith & Topin 2019, with PyTorch OneCycleLR's default fractions)
/// Epochs are counted from the trial's beginning, warm-up included. In PyTorch, step is StepLR,
/// milestones MultiStepLR, cosine CosineAnnealingLR(T_max=T - W, eta_min=end * lr), linear
/// LinearLR(1, end, T - W), and the warm-up LinearLR(1 / W, 1, W - 1) before them in a SequentialLR
/// with the milestone W, all stepped after every batch (StepLR and MultiStepLR after every epoch):
/// the same numbers. OneCycleLR differs: it rises along a cosine unless anneal_strategy='linear',
/// and counts its phases to the last step (T - 1) and to one step before the peak.
struct ScheduleOptions {
  ScheduleKind kind = ScheduleKind::constant;
  std::int64_t every_epochs = 1;              ///< step only, >= 1
  double factor = 0.1;                        ///< step and milestones, > 0
  std::vector<std::int64_t> milestones = {};  ///< epochs, >= 1, ascending
  double end = 0;                             ///< cosine and linear: share of lr, [0, 1]
  double warmup_epochs = 0;                   ///< W / steps of an epoch, before rounding
};

struct OptimizerOptions {
  OptimizerKind kind = OptimizerKind::adam;
  double lr = 0.001;
  double momentum = 0;  ///< sgd only, [0, 1)
  bool nesterov = false;
  double weight_decay = 0;
  /// Which parameters it acts on.
  PerKind<bool> decays = {{true, false, false, false, false}};
  /// What the learning rate is multiplied with, for decay as well, as in PyTorch's groups.
  PerKind<double> lr_multiplier = {{1, 1, 1, 1, 1}};
  double beta1 = 0.9;
  double beta2 = 0.999;
  double adam_eps = 1e-8;
  double clip = 0;  ///< largest Euclidean norm of the whole gradient; 0 leaves it alone
  ScheduleOptions schedule = {};
};

}  // namespace normlab
