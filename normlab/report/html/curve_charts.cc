#include "normlab/report/html/curve_charts.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "normlab/lab/metric_description.h"
#include "normlab/lab/same_quantity.h"
#include "normlab/report/html/arms.h"
#include "normlab/report/html/curve_rows.h"
#include "normlab/report/html/number_phrases.h"
#include "normlab/report/html/single_epoch_chart.h"
#include "normlab/report/html/vega.h"

namespace normlab {
namespace {

/// What one chart draws: fields of two data sets.
struct CurveFields {
  std::string x;
  std::string traces;  ///< data set of single trials
  std::string means;   ///< data set of means
  std::string y;
  std::string low;
  std::string high;
  std::string title;
  std::string format;
};

Json hints(const CurveFields& fields, bool mean) {
  Json list = {hint("arm", "arm")};
  if (!mean) list.push_back(hint("seed", "seed"));
  for (const char* x : {"step", "epoch", "seconds"}) list.push_back(hint(x, x_title(x), ",.4~r"));
  const std::string format = fields.format.empty() ? ".4~r" : ".2%";
  list.push_back(hint(fields.y, fields.title, format));
  if (!mean) return list;
  list.push_back(hint(fields.low, "95 % interval from", format));
  list.push_back(hint(fields.high, "to", format));
  list.push_back(hint("n", "seeds"));
  return list;
}

Json curve_encoding(const CurveFields& fields, const std::string& y, const Json& colour) {
  Json x = quantity(fields.x, x_title(fields.x));
  return {{"x", std::move(x)}, {"y", quantity(y, fields.title, fields.format)}, {"color", colour}};
}

Json band_layer(const CurveFields& fields, const Json& colour) {
  Json encoding = curve_encoding(fields, fields.low, colour);
  encoding["y2"] = end_at(fields.high);
  return layer(fields.means, {{"type", "area"}, {"opacity", 0.2}}, std::move(encoding));
}

Json trace_layer(const CurveFields& fields, const Json& colour) {
  Json encoding = curve_encoding(fields, fields.y, colour);
  encoding["detail"] = {{"field", "seed"}};
  return layer(fields.traces,
               {{"type", "line"}, {"strokeWidth", 1}, {"opacity", 0.25}, {"clip", true}},
               std::move(encoding));
}

Json mean_layer(const CurveFields& fields, const Json& colour, bool points) {
  Json encoding = curve_encoding(fields, fields.y, colour);
  encoding["tooltip"] = hints(fields, true);
  Json mark = {{"type", "line"}, {"strokeWidth", 2.5}};
  if (points) mark["point"] = true;
  return layer(fields.means, std::move(mark), std::move(encoding));
}

Json divergence_layer(const CurveFields& fields, const Json& colour) {
  Json encoding = curve_encoding(fields, "loss", colour);
  encoding["tooltip"] = {hint("arm", "diverged"), hint("seed", "seed"),
                         hint("step", "at step", ",")};
  return layer("divergences",
               {{"type", "point"}, {"shape", "cross"}, {"size", 90}, {"filled", true}},
               std::move(encoding));
}

const std::string kHowToRead =
    "Thick: the mean over seeds with its 95 % interval. Thin: every seed by itself.";

/// "norm=none: 96.21 % [96.0, 96.4], 5 seeds; ..."
std::string last_values(const ReportInput& input, Metric metric) {
  std::string text;
  for (const ArmSummary& arm : input.comparison.arms) {
    const MetricSummary& summary = arm[metric];
    text += fmt::format("{}{}: {}, {}", text.empty() ? "" : "; ", arm.label,
                        mean_text(summary, metric), counted(summary.n, "seed"));
    if (arm.diverged > 0) text += fmt::format(", {} diverged", arm.diverged);
  }
  return text;
}

std::string summary_of(const ReportInput& input, Metric metric) {
  return fmt::format("{} in the last epoch. {}.", capitalized(phrase(metric).noun),
                     last_values(input, metric));
}

bool smooths(const Arm& arm) {
  return !has_one_loss(arm.settings);
}

/// What a low training loss says, where it is the same function in all arms.
std::string lower_is_better(const Study& study) {
  const auto other = [&](const Arm& arm) {
    return !is_same_quantity(Metric::train_loss, arm.settings, study.arms[0].settings);
  };
  if (std::ranges::any_of(study.arms, other)) {
    return " Arms that differ in label_smoothing have different losses: which curve is lower says "
           "nothing.";
  }
  return " The lower, the better the training batches are fitted.";
}

/// What a rising validation loss says, where the training loss is the same function.
std::string rising_loss(const Study& study) {
  if (std::ranges::any_of(study.arms, smooths)) {
    return "On images the network was not trained on, after each epoch, without label smoothing: "
           "not the function that the training loss is. ";
  }
  return "On images the network was not trained on, after each epoch. Where it rises while the "
         "training loss falls, the network learns by heart. ";
}

Chart step_chart(const ReportInput& input, const Json& datasets) {
  const CurveFields fields{"step", "step_traces", "step_means",    "loss",
                           "low",  "high",        "training loss", ""};
  const Json colour = arm_colour(arm_labels(input.study));
  std::vector<Json> layers = {trace_layer(fields, colour), band_layer(fields, colour),
                              mean_layer(fields, colour, false)};
  std::vector<std::string> names = {"step_traces", "step_means"};
  std::string caption = kHowToRead + lower_is_better(input.study);
  if (!datasets["divergences"].empty()) {
    layers.push_back(divergence_layer(fields, colour));
    names.emplace_back("divergences");
    caption += " A cross marks a trial that diverged: its loss was no longer a number.";
  }
  Json controls = curve_controls("step");
  controls["smooth"] = {{"dataset", "step_means"},
                        {"fields", {"loss", "low", "high"}},
                        {"groupby", {"arm"}},
                        {"raw", "step_traces"}};
  return {"training-loss",
          "Training loss, step by step",
          caption,
          summary_of(input, Metric::train_loss),
          layered(std::move(layers)),
          names,
          controls};
}

/// What has a picture over epochs: first of new examples, then of the training batches, whose loss
/// is drawn by steps.
std::vector<Metric> drawn_metrics(const Comparison& comparison) {
  std::vector<Metric> metrics;
  std::ranges::copy_if(comparison.metrics, std::back_inserter(metrics), [](Metric metric) {
    return describe(metric).of_epoch && metric != Metric::train_loss;
  });
  std::stable_partition(metrics.begin(), metrics.end(),
                        [](Metric metric) { return name(metric).starts_with("validation_"); });
  return metrics;
}

std::string caption_of(const Study& study, Metric metric) {
  return metric == Metric::validation_loss ? rising_loss(study) : describe(metric).caption;
}

Chart epoch_chart(const ReportInput& input, Metric metric) {
  const std::string field(name(metric));
  const bool percent = phrase(metric).scale == 100;
  const CurveFields fields{
      "epoch",        "epochs",        "epoch_means",       field,
      field + "_low", field + "_high", phrase(metric).noun, percent ? kPercent : ""};
  const Json colour = arm_colour(arm_labels(input.study));
  std::string id = field;
  std::ranges::replace(id, '_', '-');
  return {id,
          capitalized(phrase(metric).noun),
          caption_of(input.study, metric) + kHowToRead,
          summary_of(input, metric),
          layered({trace_layer(fields, colour), band_layer(fields, colour),
                   mean_layer(fields, colour, true)}),
          {"epochs", "epoch_means"},
          curve_controls("epoch")};
}

Chart multiples(const ReportInput& input, Metric metric, const std::vector<std::string>& groups) {
  const std::string field(name(metric));
  const bool percent = phrase(metric).scale == 100;
  const CurveFields fields{
      "epoch",        "epoch_means",   "epoch_means",       field,
      field + "_low", field + "_high", phrase(metric).noun, percent ? kPercent : ""};
  const Json colour = arm_colour(arm_labels(input.study));
  const Json spec = small_pictures(
      "epoch_means", layered({band_layer(fields, colour), mean_layer(fields, colour, false)}, 150),
      {{"field", "group"}, {"type", "nominal"}, {"title", nullptr}, {"sort", groups}}, 3);
  return {field + "-by-group",
          capitalized(phrase(metric).noun) + " for each setting",
          "One picture for each setting that the study varies besides the norm; all have the same "
          "axes. Mean over seeds with its 95 % interval.",
          summary_of(input, metric),
          spec,
          {"epoch_means"},
          curve_controls("epoch")};
}

}  // namespace

std::vector<Chart> curve_charts(const ReportInput& input, Json& datasets) {
  datasets["step_traces"] = step_rows(input);
  datasets["step_means"] = step_mean_rows(input);
  datasets["divergences"] = divergence_rows(input);
  datasets["epochs"] = epoch_rows(input);
  datasets["epoch_means"] = epoch_mean_rows(input);
  std::vector<Chart> charts;
  if (!datasets["step_traces"].empty()) charts.push_back(step_chart(input, datasets));
  if (datasets["epochs"].empty()) return charts;
  const bool single = has_single_epoch(datasets["epochs"]);
  for (const Metric metric : drawn_metrics(input.comparison)) {
    const Chart chart = epoch_chart(input, metric);
    charts.push_back(single ? single_epoch_chart(input, metric, chart) : chart);
  }
  return charts;
}

std::vector<Chart> small_multiples(const ReportInput& input, const Json& datasets) {
  std::vector<std::string> groups;
  std::set<std::string> seen;
  for (const Json& row : datasets["epoch_means"]) {
    const std::string group = row["group"];
    if (seen.insert(group).second) groups.push_back(group);
  }
  if (groups.size() < 2 || has_single_epoch(datasets["epochs"])) return {};
  return {multiples(input, Metric::validation_accuracy, groups),
          multiples(input, Metric::validation_loss, groups)};
}

}  // namespace normlab
