#pragma once

#include <cstdint>

#include "normlab/data/dataset.h"
#include "normlab/nn/model_spec.h"
#include "normlab/nn/network.h"
#include "normlab/train/batches.h"
#include "normlab/train/trial_settings.h"

namespace normlab {

/// Everything about a trial that is known before it runs.
struct TrialPlan {
  ModelSpec model;
  Shape input;
  NetworkOptions network;
  NetworkSummary summary;
  std::int64_t train_examples = 0;
  std::int64_t validation_examples = 0;
  BatchPlan batches;
  std::int64_t max_examples = 0;  ///< of a batch, training or evaluation
  std::int64_t total_steps = 0;
  std::int64_t total_epochs = 0;  ///< the last may be cut short by `steps`
  int evaluations = 1;            ///< forward passes for an answer in evaluation
  std::int64_t probe_bytes = 0;   ///< see probe_size.h; 0 when the settings ask for no probe
};

/// Throws RequestError when the trial cannot run: layers that do not fit, an output that is not one
/// number per class, a batch of one example under batch norm, no images left to train or validate
/// on, a subset larger than what is left to train on, a move that leaves nothing of an image, more
/// memory than the machine has.
TrialPlan plan_trial(const TrialSettings& settings, const Dataset& data);

/// Which images the trial trains on and which it holds out; as many as its plan says.
Split split_trial(const TrialSettings& settings, const Dataset& data);

/// Memory of one running trial, in bytes: parameters, gradients, optimizer state, activations, and
/// the probe's network, which the arm's first trial has.
std::int64_t trial_bytes(const TrialPlan& plan);

}  // namespace normlab
