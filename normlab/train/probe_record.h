#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "normlab/base/label.h"

namespace normlab {

/// {5, 15, 50, 85, 95} percentiles.
using Percentiles = std::array<float, 5>;

/// One activation layer (relu, tanh, ...) at one moment, on the probe batch in training mode.
struct ActivationProbe {
  std::string layer = {};  ///< "3: relu"
  Percentiles input = {};  ///< of its inputs: the network's pre-activations
  float dead = 0;          ///< share of channels not above zero in any row; 0 unless relu
};

/// One layer with weights at one moment.
struct GradientProbe {
  std::string layer = {};  ///< "1: linear 128"
  float norm = 0;          ///< Euclidean norm of the weights' gradient
};

/// One batch norm at one moment. Distances are means over channels.
struct NormProbe {
  std::string layer = {};           ///< "2: norm"
  Percentiles gamma = {};           ///< over channels
  Percentiles beta = {};            ///< over channels
  float mean_distance = 0;          ///< of |running_mean - batch mean| / sqrt(batch variance + eps)
  float log_variance_distance = 0;  ///< of |ln((running_var + eps) / (batch variance + eps))|
};

/// Everything measured at one step; the same layers in the same order at every step.
struct ProbeMoment {
  std::int64_t step = 0;  ///< training steps done before
  std::vector<ActivationProbe> activations = {};
  std::vector<GradientProbe> gradients = {};
  std::vector<NormProbe> norms = {};
};

/// Seconds of one training step by kind of layer, forward and backward: "gather", "conv", "linear",
/// "norm", "relu", ..., "loss", "optimizer"; mean over the steps before the moments. An activation
/// behind a norm is done in the norm's loops and counts there (nn/layer_times.h); kinds below a
/// thousandth of the step are left out.
struct KindTime {
  std::string kind = {};
  double seconds = 0;
};

/// One channel of the first batch norm at the end of training, on the probe batch: the worked
/// example of the report. The channel is the one of median batch variance. Empty `x`: the network
/// has no batch norm.
struct NormExample {
  std::string layer = {};
  std::int64_t channel = 0;
  std::vector<float> x = {};  ///< the norm's input, a value for each row; of the first 4096 rows
  double batch_mean = 0;      ///< over all rows
  double batch_var = 0;       ///< biased
  std::int64_t rows = 0;      ///< m
  float eps = 0;
  float gamma = 1;
  float beta = 0;
  float running_mean = 0;
  float running_var = 1;
};

/// What the probe of one trial saw.
struct ProbeRecord {
  std::int64_t interval = 0;  ///< steps from one moment to the next
  std::int64_t examples = 0;  ///< in the probe batch
  /// That looking took, beside TrialRecord::train_seconds. In a process's first trial oneDNN makes
  /// its kernels meanwhile, some 30 ms that training would need otherwise.
  double seconds = 0;
  std::vector<ProbeMoment> moments = {};
  std::vector<KindTime> times = {};
  NormExample example = {};
};

/// The trained network's answers to the test images, in their order.
struct Predictions {
  std::vector<Label> labels = {};         ///< the class of highest probability
  std::vector<float> probabilities = {};  ///< of that class
};

}  // namespace normlab
