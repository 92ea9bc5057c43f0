#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "normlab/base/label.h"

namespace normlab {

/// What was measured of one layer: a value of a quantity (probe_quantity.h) for each probe step.
struct ProbedLayer {
  std::string layer = {};  ///< "3: relu"
  std::vector<std::vector<float>> values = {};
};

/// The layers of each quantity, by its name; of one that no layer has, none.
using ProbedLayers = std::map<std::string, std::vector<ProbedLayer>, std::less<>>;

/// Everything measured at one step: of each layer one value.
struct ProbeStep {
  std::int64_t step = 0;  ///< training steps done before
  ProbedLayers quantities = {};
};

/// Seconds of one training step by kind of layer, forward and backward: "gather", "conv", "linear",
/// "norm", "relu", ..., "loss", "optimizer"; mean over the steps before the probe's. An activation
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
  std::int64_t interval = 0;  ///< training steps from one probe step to the next
  std::int64_t examples = 0;  ///< in the probe batch
  /// That looking took, beside TrialRecord::train_seconds. In a process's first trial oneDNN makes
  /// its kernels meanwhile, some 30 ms that training would need otherwise.
  double seconds = 0;
  std::vector<std::int64_t> steps = {};  ///< training steps done before each probe step
  ProbedLayers quantities = {};
  std::vector<KindTime> times = {};
  NormExample example = {};
};

/// Adds a step with the quantities and layers of those before. A record with others, of a program
/// that measured something else, begins anew.
void add(ProbeRecord& record, ProbeStep step);

/// The layers of which the quantity was measured; none where it was not.
std::span<const ProbedLayer> layers_of(const ProbeRecord& record, std::string_view quantity);

/// The trained network's answers to the test images, in their order.
struct Predictions {
  std::vector<Label> labels = {};         ///< the class of highest probability
  std::vector<float> probabilities = {};  ///< of that class
};

}  // namespace normlab
