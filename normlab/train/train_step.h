#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "normlab/base/aligned_buffer.h"
#include "normlab/data/dataset.h"
#include "normlab/kernels/loss.h"
#include "normlab/nn/network.h"
#include "normlab/optim/optimizer.h"
#include "normlab/train/input.h"
#include "normlab/train/step_times.h"

namespace normlab {

/// The way of a batch through a network: what a trial does at every step, and what the benchmark
/// times. Allocates nothing after construction. Not thread-safe. All that it is made of must
/// outlive it.
class TrainStep {
 public:
  /// `max_examples`: largest batch, of training or evaluation.
  TrainStep(const Dataset& data, const InputScaler& scaler, Network& network, Optimizer& optimizer,
            std::int64_t max_examples, double label_smoothing);

  /// Gathers the images of `set`, scaled, and gives the network's outputs for them.
  ConstMatrix forward(const ImageSet& set, std::span<const std::uint32_t> images, Mode mode,
                      std::int64_t step, std::span<const kernels::Placement> placements = {});
  /// Of the latest batch.
  std::span<const Label> labels() const { return {labels_.data(), examples_}; }

  /// Forward pass in training mode and loss of a batch of training images; the outputs' gradient is
  /// ready for `update`.
  kernels::LossSums forward_loss(std::span<const std::uint32_t> images, std::int64_t step,
                                 std::span<const kernels::Placement> placements = {});
  /// From now on `times` gets the seconds of every forward pass, loss, backward pass and optimizer
  /// step, until null is given. Results stay the same.
  void record_times(StepTimes* times);

  /// Backward pass and optimizer step.
  void update(double lr);

 private:
  const Dataset& data_;
  const InputScaler& scaler_;
  Network& network_;
  Optimizer& optimizer_;
  float label_smoothing_;
  AlignedBuffer<float> input_;
  std::vector<Label> labels_;
  std::size_t examples_ = 0;
  StepTimes* times_ = nullptr;
};

}  // namespace normlab
