#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "normlab/bench/rounds.h"
#include "normlab/bench/time_shares.h"
#include "normlab/data/dataset.h"
#include "normlab/nn/options.h"
#include "normlab/optim/options.h"

namespace normlab::bench {

/// A training step to be timed: one of the models that come with the program, as trials train it.
struct StepCase {
  std::string model;
  std::int64_t batch = 0;
  OptimizerOptions optimizer;
  Precision precision = Precision::float32;
  /// A step takes so long that only who asks for the model by its name waits for it.
  bool long_step = false;
};

/// The steps that the benchmark is about; with bf16 beside float where the machine has it.
std::vector<StepCase> step_cases();

/// "float", "bf16"
std::string precision_text(Precision precision);

/// "adam", "sgd momentum"
std::string optimizer_text(const OptimizerOptions& options);

/// Random images of the size that a case's model is for, as many as MNIST or CIFAR-10 has: enough
/// that a shuffled batch comes from beyond the second-level cache, as it does in a trial.
Dataset make_bench_data(const StepCase& step_case);

/// A network in training: everything that a trial's step touches. `step` is the trial's own.
class Training {
 public:
  /// `data` must outlive it.
  Training(const Dataset& data, const StepCase& step_case, bool batch_norm, int threads);
  ~Training();
  Training(const Training&) = delete;
  Training& operator=(const Training&) = delete;

  void step();
  /// Throws Error when the loss of the latest step was not finite.
  void check() const;
  /// Of one step; see step_flops.h.
  double flops() const;

  /// Where the time of `steps` further steps goes, in the order of the network.
  std::vector<TimeShare> time_shares(int steps);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace normlab::bench
