#include "normlab/report/html/inside_charts.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "normlab/base/interval.h"
#include "normlab/report/html/arms.h"
#include "normlab/report/html/inside_rows.h"
#include "normlab/report/html/probed_trials.h"
#include "normlab/report/html/vega.h"
#include "normlab/report/number_text.h"

namespace normlab {
namespace {

constexpr int kHeight = 130;

Json step_axis() {
  return quantity("step", "step");
}

/// Small pictures, a row for each layer and a column for each value of `column`.
Json rows_and_columns(const std::string& row, const std::string& column) {
  const auto by = [](const std::string& field) {
    return Json{{"field", field}, {"type", "nominal"}, {"title", nullptr}, {"sort", nullptr}};
  };
  return {{"row", by(row)}, {"column", by(column)}};
}

Json one_by_one(const std::string& field) {
  return {{"field", field}, {"type", "nominal"}, {"title", nullptr}, {"sort", nullptr}};
}

/// Bands from the 5th to the 95th and from the 15th to the 85th percentile, and the median.
Json percentile_layers(const std::string& dataset, const std::string& title, const Json& colour) {
  const auto band = [&](const char* low, const char* high, double opacity) {
    return layer(
        dataset, {{"type", "area"}, {"opacity", opacity}},
        {{"x", step_axis()}, {"y", quantity(low, title)}, {"y2", end_at(high)}, {"color", colour}});
  };
  Json hints = {hint("step", "step", ",")};
  for (const char* percentile : {"p5", "p15", "p50", "p85", "p95"}) {
    hints.push_back(hint(percentile, percentile, ".3~r"));
  }
  const Json median = layer(
      dataset, {{"type", "line"}, {"strokeWidth", 2}},
      {{"x", step_axis()}, {"y", quantity("p50", title)}, {"color", colour}, {"tooltip", hints}});
  return layered({band("p5", "p95", 0.2), band("p15", "p85", 0.3), median}, kHeight);
}

Json line_layers(const std::string& dataset, const std::string& field, const std::string& title,
                 const std::string& format, const Json& colour) {
  return layered({layer(dataset, {{"type", "line"}, {"strokeWidth", 2}},
                        {{"x", step_axis()},
                         {"y", quantity(field, title, format)},
                         {"color", colour},
                         {"tooltip",
                          {hint("arm", "arm"), hint("layer", "layer"), hint("step", "step", ","),
                           hint(field, title, format.empty() ? ".3~r" : format)}}})},
                 kHeight);
}

Json log_controls() {
  Json controls = {{"log", Json::array({"x", "y"})}};
  return controls;
}

/// The last value of a field for each arm and layer.
std::string last_values(const Json& rows, const std::string& field, double scale,
                        const std::string& unit) {
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool last = i + 1 == rows.size() || rows[i + 1]["arm"] != rows[i]["arm"] ||
                      rows[i + 1]["layer"] != rows[i]["layer"];
    if (!last || rows[i][field].is_null()) continue;
    const double value = rows[i][field].get<double>() * scale;
    text += fmt::format(" {}, {}: {:.3g}{}.", rows[i]["arm"].get<std::string>(),
                        rows[i]["layer"].get<std::string>(), value, unit);
  }
  return text;
}

/// Whether in some layer an arm's inputs reach so much further than another's that on one scale
/// nothing would be seen of the other.
bool flattens_an_arm(const Json& rows) {
  constexpr double kTimes = 10;
  std::map<std::string, std::map<std::string, Interval>> layers;
  for (const Json& row : rows) {
    if (row["p5"].is_null() || row["p95"].is_null()) continue;
    const Interval reach{row["p5"], row["p95"]};
    const auto [found, added] = layers[row["layer"]].emplace(row["arm"], reach);
    Interval& whole = found->second;
    whole = {std::min(whole.low, reach.low), std::max(whole.high, reach.high)};
  }
  return std::ranges::any_of(layers, [](const auto& layer) {
    std::vector<double> spreads;
    for (const auto& [arm, reach] : layer.second) spreads.push_back(reach.high - reach.low);
    const auto [least, most] = std::ranges::minmax(spreads);
    return most > kTimes * least;
  });
}

Chart activation_chart(const Json& rows, const Json& colour) {
  Json spec = small_pictures("activations",
                             percentile_layers("activations", "input of the activation", colour),
                             rows_and_columns("layer", "arm"), 0);
  std::string caption =
      "Half of the units' inputs lie above the line, two thirds in the dark band, nine tenths "
      "in the light one. Bands that wander or widen mean that the next layer sees ever new "
      "inputs; batch normalization is to hold them still.";
  if (flattens_an_arm(rows)) {
    spec["resolve"] = {{"scale", {{"y", "independent"}}}};
    caption += " The arms differ so much that each picture has a scale of its own.";
  }
  return {"activations",
          "What goes into the activations",
          caption,
          "Median of the inputs at the end of training." + last_values(rows, "p50", 1, ""),
          std::move(spec),
          {"activations"},
          nullptr};
}

Chart gradient_chart(const Json& rows, const Json& colour) {
  return {"gradients",
          "How large the gradients are",
          "Euclidean norm of each layer's weight gradient on the probe batch. Layers that differ "
          "by orders of magnitude learn at different speeds; a norm near zero means that a layer "
          "has stopped learning.",
          "Gradient norm at the end of training." + last_values(rows, "norm", 1, ""),
          small_pictures("gradients", line_layers("gradients", "norm", "gradient norm", "", colour),
                         one_by_one("layer"), 3),
          {"gradients"},
          log_controls()};
}

Chart dead_chart(const Json& rows, const Json& colour) {
  return {"dead",
          "Dead units",
          "The share of ReLU units that are zero for every image of the probe batch: they pass no "
          "gradient, and most never come back.",
          "Dead units at the end of training." + last_values(rows, "dead", 100, " %"),
          small_pictures("dead", line_layers("dead", "dead", "share of dead units", ".0%", colour),
                         one_by_one("layer"), 3),
          {"dead"},
          nullptr};
}

Chart affine_chart(const Json& rows, const Json& colour) {
  return {"affine",
          "Gamma and beta",
          "The scale and shift that each channel learns after normalization, over all channels: "
          "they start at 1 and 0. A gamma that goes to zero switches its channel off.",
          "Medians at the end of training, gamma before beta." + last_values(rows, "p50", 1, ""),
          small_pictures("affine", percentile_layers("affine", "value over channels", colour),
                         rows_and_columns("layer", "parameter"), 0),
          {"affine"},
          nullptr};
}

Chart running_chart(const Json& rows, const Json& colour) {
  return {"running",
          "Running against batch statistics",
          "Evaluation normalizes with running averages, training with the batch at hand. Mean: "
          "their distance in standard deviations of the batch. Variance: the logarithm of their "
          "ratio. Zero is no difference; a large distance makes the network behave otherwise in "
          "evaluation than in training.",
          "Distances at the end of training." + last_values(rows, "distance", 1, ""),
          small_pictures("running", line_layers("running", "distance", "distance", "", colour),
                         rows_and_columns("layer", "quantity"), 0),
          {"running"},
          log_controls()};
}

}  // namespace

std::vector<Chart> inside_charts(const ReportInput& input, Json& datasets) {
  if (probed_trials(input).empty()) return {};
  const Json colour = arm_colour(arm_labels(input.study));
  struct Picture {
    const char* dataset;
    Json rows;
    Chart (*make)(const Json& rows, const Json& colour);
  };
  std::vector<Picture> pictures;
  pictures.push_back({"activations", activation_rows(input), activation_chart});
  pictures.push_back({"gradients", gradient_rows(input), gradient_chart});
  pictures.push_back({"dead", dead_rows(input), dead_chart});
  pictures.push_back({"affine", affine_rows(input), affine_chart});
  pictures.push_back({"running", running_rows(input), running_chart});
  std::vector<Chart> charts;
  for (Picture& picture : pictures) {
    if (picture.rows.empty()) continue;
    charts.push_back(picture.make(picture.rows, colour));
    datasets[picture.dataset] = std::move(picture.rows);
  }
  return charts;
}

}  // namespace normlab
