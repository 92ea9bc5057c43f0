#include "normlab/cli/plan_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "normlab/cli/progress_bars.h"
#include "normlab/lab/time_left.h"
#include "normlab/lab/trial_order.h"
#include "normlab/train/trial_plan.h"
#include "normlab/train/trial_runner.h"

namespace normlab {
namespace {

/// Of work for the trial that measures this machine, by trial_cost()'s reckoning.
constexpr double kSampleSeconds = 0.2;

/// "12.3 GFLOP", "1.2 MiB": three digits and a prefix.
template <std::size_t n>
std::string scaled(double value, double factor, const std::array<std::string_view, n>& units) {
  std::size_t unit = 0;
  for (; value >= factor && unit + 1 < n; ++unit) value /= factor;
  return fmt::format("{:.3g} {}", value, units[unit]);
}

std::string operations(double flops) {
  return scaled(
      flops, 1000,
      std::array<std::string_view, 6>{"FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP"});
}

std::string memory(std::int64_t bytes) {
  return scaled(static_cast<double>(bytes), 1024,
                std::array<std::string_view, 4>{"bytes", "KiB", "MiB", "GiB"});
}

/// How many times longer this machine takes than trial_cost() says.
double measure_machine(const PlannedStudy& plan) {
  TrialSettings sample = plan.study.arms.front().settings;
  const Dataset& data = plan.datasets.at(sample.data);
  const auto total = static_cast<double>(plan_trial(sample, data).total_steps);
  const double share = kSampleSeconds / plan.costs.front().reference_seconds;
  sample.steps = static_cast<std::int64_t>(std::ceil(total * std::min(1.0, share)));
  sample.checkpoint = CheckpointPolicy::none;
  const double expected = trial_cost(plan_trial(sample, data), data).reference_seconds;
  return run_trial(sample, data, {}).seconds / expected;
}

/// As the queue deals the trials out, all as fast as if it ran alone.
double estimated_seconds(const PlannedStudy& plan, int jobs) {
  const std::vector<double> costs = reference_seconds(plan);
  std::vector<double> in_order;
  for (const std::size_t trial : trial_order(plan.study, costs)) in_order.push_back(costs[trial]);
  return measure_machine(plan) * makespan({}, in_order, static_cast<std::size_t>(jobs));
}

std::string totals(const PlannedStudy& plan, int jobs) {
  double flops = 0;
  std::int64_t largest = 0;
  for (const Trial& trial : plan.study.trials) {
    flops += plan.costs[trial.arm].flops;
    largest = std::max(largest, plan.costs[trial.arm].bytes);
  }
  const auto together =
      std::min<std::int64_t>(jobs, static_cast<std::int64_t>(plan.study.trials.size()));
  return fmt::format(
      "{}, about {} with {} job{} on this machine, {} of memory for the largest trial, at most {} "
      "for {} at a time\n",
      operations(flops), format_duration(estimated_seconds(plan, jobs)), jobs, jobs == 1 ? "" : "s",
      memory(largest), memory(largest * together), together);
}

std::string describe_arm(const PlannedStudy& plan, std::size_t index) {
  const Arm& arm = plan.study.arms[index];
  const TrialPlan steps = plan_trial(arm.settings, plan.datasets.at(arm.settings.data));
  std::string text =
      fmt::format("\narm {}  {}  {}{} steps in {} epochs, {} parameters, {} and {} each trial\n",
                  arm.id, arm.label, arm.settings.patience > 0 ? "at most " : "", steps.total_steps,
                  steps.total_epochs, steps.summary.parameters, operations(plan.costs[index].flops),
                  memory(plan.costs[index].bytes));
  for (const Trial& trial : plan.study.trials) {
    if (trial.arm == index)
      text += fmt::format("  trial {}  seed={}\n", trial.id, trial.settings.seed);
  }
  return text;
}

}  // namespace

std::string describe_plan(const PlannedStudy& plan, int jobs) {
  const Study& study = plan.study;
  std::string text = fmt::format("{} (study {}): {} trials in {} arms\n", study.name, study.id,
                                 study.trials.size(), study.arms.size());
  if (!plan.title.empty()) text += plan.title + "\n";
  for (const std::string& question : plan.questions) text += fmt::format("  {}\n", question);
  for (const DataFacts& data : plan.data) {
    text +=
        fmt::format("data {}{}: {} train, {} validation, {} test examples\n", data.name,
                    data.synthetic ? " (synthetic)" : "", data.train, data.validation, data.test);
  }
  text += totals(plan, jobs);
  for (std::size_t arm = 0; arm < study.arms.size(); ++arm) text += describe_arm(plan, arm);
  return text;
}

}  // namespace normlab
