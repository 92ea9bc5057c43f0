#pragma once

#include <vector>

#include "normlab/nn/layer_times.h"
#include "normlab/nn/network.h"
#include "normlab/train/probe_record.h"

namespace normlab {

/// Where the seconds of training steps go; see TrainStep::record_times.
struct StepTimes {
  explicit StepTimes(const Network& network) : layers(network.layers().size()) {}

  double gather = 0;  ///< picking and scaling the images
  LayerTimes layers;  ///< forward and backward passes
  double loss = 0;
  double optimizer = 0;  ///< without what it did during the backward pass, which `layers` has

  void reset();
};

/// The same summed up by kind of layer, in the order of a step: "gather", the network's kinds as
/// they first appear, "loss", "optimizer". `network`: the one that was timed.
std::vector<KindTime> by_kind(const StepTimes& times, const Network& network);

}  // namespace normlab
