#include "normlab/report/html/cost_charts.h"

#include <algorithm>

#include <fmt/format.h>

#include "normlab/report/html/arms.h"
#include "normlab/report/html/number_phrases.h"
#include "normlab/report/html/probed_trials.h"
#include "normlab/report/html/vega.h"
#include "normlab/report/number_text.h"
#include "normlab/report/table_columns.h"

namespace normlab {
namespace {

constexpr double kMicroseconds = 1e6;

int bar_height(std::size_t arms) {
  return std::max(80, 32 * static_cast<int>(arms) + 40);
}

void add_times(const ReportInput& input, Json& datasets) {
  Json times = Json::array();
  Json means = Json::array();
  const auto labels = arm_labels(input.study);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const ArmSummary& arm = input.comparison.arms[i];
    const MetricSummary& summary = arm[Metric::step_seconds];
    for (std::size_t seed = 0; seed < arm.seeds.size(); ++seed) {
      if (!summary.values[seed]) continue;
      times.push_back({{"arm", labels[i]},
                       {"seed", arm.seeds[seed]},
                       {"microseconds", drawn(*summary.values[seed] * kMicroseconds)}});
    }
    if (!summary.mean) continue;
    Json row = {{"arm", labels[i]},
                {"microseconds", drawn(*summary.mean * kMicroseconds)},
                {"low", nullptr},
                {"high", nullptr},
                {"n", summary.n}};
    if (summary.ci95) {
      row["low"] = drawn(summary.ci95->low * kMicroseconds);
      row["high"] = drawn(summary.ci95->high * kMicroseconds);
    }
    means.push_back(std::move(row));
  }
  datasets["step_times"] = std::move(times);
  datasets["mean_step_times"] = std::move(means);
}

Chart time_chart(const ReportInput& input) {
  const auto labels = arm_labels(input.study);
  const Json y = words("arm", "", labels);
  const Json colour = arm_colour(labels);
  Json x = quantity("microseconds", "microseconds per training step");
  x["scale"]["zero"] = true;
  Json low = x;
  low["field"] = "low";
  const Json hints = {hint("arm", "arm"), hint("microseconds", "µs per step", ".4~r"),
                      hint("low", "95 % interval from", ".4~r"), hint("high", "to", ".4~r"),
                      hint("n", "seeds")};
  std::string summary = "Time per training step.";
  for (const ArmSummary& arm : input.comparison.arms) {
    summary += fmt::format(" {}: {}.", arm_title(arm.label),
                           mean_text(arm[Metric::step_seconds], Metric::step_seconds));
  }
  return {
      "step-time",
      "Time per training step",
      "Bar: the mean over seeds, with its 95 % interval. Dots: every seed, of each the median of "
      "its steps without the first ones. Evaluation is not counted. Trials ran one after the "
      "other, so bars also differ by what else the machine was doing.",
      summary,
      layered({layer("mean_step_times", {{"type", "bar"}, {"opacity", 0.5}},
                     {{"x", x}, {"y", y}, {"color", colour}, {"tooltip", hints}}),
               layer("mean_step_times", {{"type", "rule"}, {"strokeWidth", 2}},
                     {{"x", low}, {"x2", end_at("high")}, {"y", y}}),
               layer("step_times", {{"type", "point"}, {"size", 30}, {"filled", true}},
                     {{"x", x},
                      {"y", y},
                      {"color", colour},
                      {"tooltip",
                       {hint("seed", "seed"), hint("microseconds", "µs per step", ".4~r")}}})},
              bar_height(labels.size())),
      {"step_times", "mean_step_times"},
      nullptr};
}

Json kind_rows(const ReportInput& input) {
  Json rows = Json::array();
  for (const TrialResult* result : probed_trials(input)) {
    double total = 0;
    for (const KindTime& time : result->record.probe->times) total += time.seconds;
    if (!(total > 0)) continue;
    for (const KindTime& time : result->record.probe->times) {
      rows.push_back({{"arm", arm_label(input.study, result->trial.arm)},
                      {"kind", time.kind},
                      {"microseconds", drawn(time.seconds * kMicroseconds)},
                      {"share", drawn(time.seconds / total)}});
    }
  }
  return rows;
}

Chart kind_chart(const ReportInput& input, const Json& rows) {
  const auto labels = arm_labels(input.study);
  std::vector<std::string> kinds;
  std::string summary = "Microseconds of one step by kind of layer.";
  std::string arm;
  for (const Json& row : rows) {
    const std::string kind = row["kind"];
    if (std::ranges::find(kinds, kind) == kinds.end()) kinds.push_back(kind);
    if (row["arm"] != arm) summary += fmt::format(" {}:", arm = row["arm"].get<std::string>());
    summary += fmt::format(" {} {} ({} %),", kind, fixed(row["microseconds"].get<double>(), 1),
                           fixed(row["share"].get<double>() * 100, 1));
  }
  summary.back() = '.';
  const Json encoding = {
      {"x", quantity("microseconds", "microseconds of a training step")},
      {"y", words("arm", "", labels)},
      {"color",
       {{"field", "kind"},
        {"type", "nominal"},
        {"title", nullptr},
        {"scale", {{"domain", kinds}}}}},
      {"tooltip",
       {hint("arm", "arm"), hint("kind", "kind of layer"),
        hint("microseconds", "µs per step", ".4~r"), hint("share", "share", ".1%")}}};
  return {"time-by-kind",
          "Where the time of a step goes",
          "Measured in one probed trial per arm, forward and backward pass together. What "
          "normalization costs is the piece called norm.",
          summary,
          layered({layer("kind_times", {{"type", "bar"}}, encoding)}, bar_height(labels.size())),
          {"kind_times"},
          nullptr};
}

}  // namespace

std::vector<Chart> cost_charts(const ReportInput& input, Json& datasets) {
  std::vector<Chart> charts;
  add_times(input, datasets);
  if (!datasets["mean_step_times"].empty()) charts.push_back(time_chart(input));
  datasets["kind_times"] = kind_rows(input);
  if (!datasets["kind_times"].empty()) charts.push_back(kind_chart(input, datasets["kind_times"]));
  return charts;
}

}  // namespace normlab
