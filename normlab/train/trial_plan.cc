#include "normlab/train/trial_plan.h"

#include <algorithm>
#include <cmath>

#include "normlab/base/error.h"
#include "normlab/base/memory.h"
#include "normlab/train/augment.h"
#include "normlab/train/probe_size.h"

namespace normlab {
namespace {

/// Small training batches are evaluated in larger ones, which is faster and changes nothing.
constexpr std::int64_t kMinEvaluationBatch = 64;

void check_output(const NetworkSummary& summary, const Dataset& data) {
  if (summary.output.flat && summary.output.size() == data.classes()) return;
  fail(
      "the model's output is {}, expected {}, one number for each class of '{}'; end it with "
      "'linear {}'",
      to_string(summary.output), data.classes(), data.name, data.classes());
}

void check_memory(const TrialPlan& plan) {
  const std::int64_t machine = total_memory();
  if (trial_bytes(plan) <= machine) return;
  constexpr double kGiB = 1 << 30;
  fail(
      "the trial needs {:.1f} GiB of memory, this machine has {:.1f}; use a smaller model or batch",
      static_cast<double>(trial_bytes(plan)) / kGiB, static_cast<double>(machine) / kGiB);
}

struct ExampleCounts {
  std::int64_t train = 0;
  std::int64_t validation = 0;
};

ExampleCounts count_examples(const TrialSettings& settings, const Dataset& data) {
  const std::int64_t all = data.train.size();
  const bool on_test = settings.validation_is_test;
  const std::int64_t held_out = on_test ? 0 : held_out_images(all, settings.validation);
  const std::int64_t train = all - held_out;
  const std::int64_t validation = on_test ? data.test.size() : held_out;
  if (train < 1 || validation < 1) {
    fail(
        "validation={} leaves {} of {} images to train on and {} to validate on; both need at "
        "least one",
        settings.validation, train, all, validation);
  }
  if (settings.subset > train) {
    fail("subset={}: '{}' has {} images to train on{}; choose at most that many, or 0 for all",
         settings.subset, data.name, train,
         held_out > 0 ? fmt::format(" when {} are held out to validate on", held_out) : "");
  }
  return {settings.subset > 0 ? settings.subset : train, validation};
}

}  // namespace

std::int64_t trial_bytes(const TrialPlan& plan) {
  constexpr std::int64_t kBuffers = 4;  // values, gradients, two moments
  return plan.summary.parameters * kBuffers * static_cast<std::int64_t>(sizeof(float)) +
         plan.summary.activation_bytes + plan.probe_bytes;
}

Split split_trial(const TrialSettings& settings, const Dataset& data) {
  return split_images(data.train.size(), settings.validation_is_test ? 0 : settings.validation,
                      settings.seed, settings.subset);
}

TrialPlan plan_trial(const TrialSettings& settings, const Dataset& data) {
  check_augment(settings.augment, data);
  const auto [train, validation] = count_examples(settings, data);
  TrialPlan plan{.model = find_model(settings.model),
                 .input = {data.height, data.width, data.channels},
                 .network = {settings.norm, settings.redundant_bias, settings.precision},
                 .summary = {},
                 .train_examples = train,
                 .validation_examples = validation,
                 .batches = BatchPlan(train, settings.batch, settings.tail)};
  plan.max_examples = std::max(plan.batches.largest(), kMinEvaluationBatch);
  plan.evaluations = settings.eval_flip ? 2 : 1;
  plan.total_steps = settings.steps > 0 ? settings.steps : settings.epochs * plan.batches.batches();
  plan.total_epochs = Pieces{plan.total_steps, plan.batches.batches()}.count();
  plan.summary = summarize(plan.model, plan.input, plan.network, plan.max_examples);
  check_output(plan.summary, data);
  check_training_batch(plan.summary, plan.batches.smallest());
  if (settings.probe > 0) {
    plan.probe_bytes = probe_bytes(plan.model, plan.input, plan.network,
                                   probe_examples(validation, settings.batch));
  }
  check_memory(plan);
  return plan;
}

}  // namespace normlab
