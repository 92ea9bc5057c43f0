#include "normlab/train/trial_cost.h"

namespace normlab {
namespace {

// Measured with both study MLPs at batches of 16 to 256 on one core with AVX-512: 13 figures, all
// met within a fifth. The optimizer's pass over the parameters is what makes small batches slow.
constexpr double kFlopsPerSecond = 130e9;
constexpr double kSecondsPerParameterAndStep = 0.45e-9;
constexpr double kSecondsPerLayerAndStep = 1e-6;

/// Examples run forward only: validation after every epoch, the test images once.
std::int64_t evaluated_examples(const TrialPlan& plan, const Dataset& data) {
  return plan.evaluations * (plan.total_epochs * plan.validation_examples + data.test.size());
}

/// The last epoch may be cut short by `steps`, batches may be uneven.
double trained_examples(const TrialPlan& plan) {
  return static_cast<double>(plan.total_steps) / static_cast<double>(plan.batches.batches()) *
         static_cast<double>(plan.train_examples);
}

}  // namespace

TrialCost trial_cost(const TrialPlan& plan, const Dataset& data) {
  const NetworkSummary& network = plan.summary;
  TrialCost cost;
  cost.flops = training_flops(network) * trained_examples(plan) +
               network.flops * static_cast<double>(evaluated_examples(plan, data));
  cost.bytes = trial_bytes(plan);
  const double step_overhead =
      kSecondsPerParameterAndStep * static_cast<double>(network.parameters) +
      kSecondsPerLayerAndStep * static_cast<double>(network.layers.size());
  cost.reference_seconds =
      cost.flops / kFlopsPerSecond + step_overhead * static_cast<double>(plan.total_steps);
  return cost;
}

}  // namespace normlab
