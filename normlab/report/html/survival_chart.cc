#include "normlab/report/html/survival_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "normlab/lab/metric_value.h"
#include "normlab/report/html/arms.h"
#include "normlab/report/html/number_phrases.h"
#include "normlab/report/html/vega.h"
#include "normlab/report/number_text.h"
#include "normlab/report/table_columns.h"

namespace normlab {
namespace {

/// Accuracies that the slider may offer; finer where networks end.
constexpr std::array<double, 24> kThresholds = {
    0.2,  0.3,  0.4,  0.5,  0.6,  0.7,   0.75, 0.8,   0.85, 0.88,  0.9,   0.92,
    0.93, 0.94, 0.95, 0.96, 0.97, 0.975, 0.98, 0.985, 0.99, 0.992, 0.995, 0.998};

/// When each trial reaches an accuracy; 0 where it never does.
using Arrivals = std::vector<double>;

Arrivals arrivals(const ReportInput& input, double threshold) {
  Arrivals times;
  for (const TrialResult& result : input.results) {
    const auto duration = arrival(result.record, threshold);
    if (duration) times.push_back(duration->arrived ? duration->time : 0);
  }
  return times;
}

/// Whether they tell trials apart: some trial arrives, but not all in their first epoch.
bool tells(const ReportInput& input, const Arrivals& times) {
  Arrivals first_epochs;
  for (const TrialResult& result : input.results) {
    if (!arrival(result.record, 1)) continue;
    const auto& epochs = result.record.epochs;
    first_epochs.push_back(epochs.empty() ? -1 : static_cast<double>(epochs[0].steps));
  }
  return times != first_epochs && std::ranges::any_of(times, [](double time) { return time > 0; });
}

/// What the arms wait for, and all that tell trials apart in another way than those before.
std::vector<double> thresholds(const ReportInput& input) {
  std::vector<double> values;
  std::vector<Arrivals> seen;
  for (const ArmSummary& arm : input.comparison.arms) {
    if (!arm.threshold) continue;
    values.push_back(*arm.threshold);
    seen.push_back(arrivals(input, *arm.threshold));
  }
  for (const double threshold : kThresholds) {
    Arrivals times = arrivals(input, threshold);
    if (!tells(input, times) || std::ranges::find(seen, times) != seen.end()) continue;
    values.push_back(threshold);
    seen.push_back(std::move(times));
  }
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

/// Where the slider starts: at what the first arm waits for that waits for anything; else in the
/// middle. Requires: `values` is not empty.
double initial_threshold(const ReportInput& input, const std::vector<double>& values) {
  const auto& arms = input.comparison.arms;
  const auto found =
      std::ranges::find_if(arms, [](const ArmSummary& arm) { return arm.threshold.has_value(); });
  return found == arms.end() ? values[values.size() / 2] : *found->threshold;
}

std::vector<Duration> durations_of(const ReportInput& input, std::size_t arm, double threshold) {
  std::vector<Duration> durations;
  for (const TrialResult& result : input.results) {
    if (result.trial.arm != arm) continue;
    if (const auto duration = arrival(result.record, threshold)) durations.push_back(*duration);
  }
  return durations;
}

double last_step(const ReportInput& input, std::size_t arm) {
  std::int64_t last = 0;
  for (const TrialResult& result : input.results) {
    if (result.trial.arm == arm) last = std::max(last, result.record.steps);
  }
  return static_cast<double>(last);
}

void add_curve(const ReportInput& input, std::size_t arm, double threshold, Json& rows) {
  const auto durations = durations_of(input, arm, threshold);
  const auto epoch = steps_per_epoch(input.results, arm);
  if (durations.empty() || !epoch) return;
  const std::string label = arm_label(input.study, arm);
  const auto add = [&](double step, double waiting) {
    rows.push_back({{"threshold", threshold},
                    {"arm", label},
                    {"step", drawn(step)},
                    {"epoch", drawn(step / *epoch)},
                    {"waiting", drawn(waiting)},
                    {"n", durations.size()}});
  };
  double waiting = 1;
  add(0, waiting);
  for (const SurvivalStep& step : kaplan_meier_curve(durations)) {
    // Products of fractions that should be zero or one half miss it by rounding.
    waiting = std::max(0.0, step.waiting);
    add(step.time, waiting);
  }
  // To the end of the watch, so that arms that never arrive are seen.
  add(last_step(input, arm), waiting);
}

std::string summary_of(const ReportInput& input) {
  std::string text = "Steps until a validation accuracy is reached (median).";
  for (const ArmSummary& arm : input.comparison.arms) {
    if (!arm.threshold) continue;
    const MetricSummary& summary = arm[Metric::steps_to_accuracy];
    text += fmt::format(" {} to {}: {}", arm_title(arm.label), percent_text(*arm.threshold),
                        summary.median ? grouped(std::llround(*summary.median)) : "never");
    if (summary.censored > 0) {
      text +=
          fmt::format(", {} of {} trials never", summary.censored, summary.n + summary.censored);
    }
    text += ".";
  }
  return text;
}

}  // namespace

std::optional<Chart> survival_chart(const ReportInput& input, Json& datasets) {
  const std::vector<double> values = thresholds(input);
  Json rows = Json::array();
  for (const double threshold : values) {
    for (std::size_t arm = 0; arm < input.study.arms.size(); ++arm) {
      add_curve(input, arm, threshold, rows);
    }
  }
  if (rows.empty()) return std::nullopt;
  datasets["survival"] = std::move(rows);
  Json share = quantity("waiting", "share of trials still below", "%");
  share["scale"] = {{"domain", {0, 1}}};
  const Json encoding = {
      {"x", quantity("step", "step")},
      {"y", share},
      {"color", arm_colour(arm_labels(input.study))},
      {"tooltip",
       {hint("arm", "arm"), hint("threshold", "accuracy", ".1%"), hint("step", "step", ","),
        hint("waiting", "still below", ".0%"), hint("n", "trials")}}};
  const Json mark = {
      {"type", "line"}, {"interpolate", "step-after"}, {"strokeWidth", 2.5}, {"point", true}};
  Json controls = {
      {"x", {{{"field", "step"}, {"title", "step"}}, {{"field", "epoch"}, {"title", "epoch"}}}}};
  std::string accuracy = percent_text(values[0]);
  if (values.size() > 1) {
    accuracy = "the accuracy on the slider";
    controls["slider"] = {{"field", "threshold"},
                          {"title", "validation accuracy"},
                          {"values", values},
                          {"initial", initial_threshold(input, values)},
                          {"percent", true}};
  }
  return Chart{
      "steps-to-accuracy",
      "How long until a validation accuracy is reached",
      fmt::format("Each line starts with all trials of an arm and falls when one of them first "
                  "reaches {}; the sooner it falls, the faster the arm learns. A line that ends "
                  "above zero has trials that never arrived, diverged ones among them. Accuracy is "
                  "measured once an epoch.",
                  accuracy),
      summary_of(input),
      layered({layer("survival", mark, encoding)}),
      {"survival"},
      controls};
}

}  // namespace normlab
