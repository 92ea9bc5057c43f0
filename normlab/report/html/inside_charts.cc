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

Json one_by_one(const std::string& field) {
  return {{"field", field}, {"type", "nominal"}, {"title", nullptr}, {"sort", nullptr}};
}

/// Small pictures, a row for each layer and a column for each value of `column`.
Json rows_and_columns(const std::string& row, const std::string& column) {
  return {{"row", one_by_one(row)}, {"column", one_by_one(column)}};
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

Chart picture_chart(const ProbePicture& picture, const Json& rows, const Json& colour) {
  const std::string id(picture.id);
  const std::string axis(picture.axis);
  const std::string field(picture.shows_percentiles() ? "p50" : picture.field);
  const Json layers = picture.shows_percentiles()
                          ? percentile_layers(id, axis, colour)
                          : line_layers(id, field, axis, std::string(picture.format), colour);
  // Bands on top of each other would hide each other: an arm's stand beside another's.
  const std::string column(
      picture.column_field.empty() && picture.shows_percentiles() ? "arm" : picture.column_field);
  Json spec = column.empty() ? small_pictures(id, layers, one_by_one("layer"), 3)
                             : small_pictures(id, layers, rows_and_columns("layer", column), 0);
  std::string caption(picture.caption);
  if (column == "arm" && flattens_an_arm(rows)) {
    spec["resolve"] = {{"scale", {{"y", "independent"}}}};
    caption += " The arms differ so much that each picture has a scale of its own.";
  }
  return {id,
          std::string(picture.title),
          std::move(caption),
          std::string(picture.summary) +
              last_values(rows, field, picture.display.scale, std::string(picture.display.unit)),
          std::move(spec),
          {id},
          picture.may_be_logarithmic ? log_controls() : Json(nullptr)};
}

}  // namespace

std::vector<Chart> inside_charts(const ReportInput& input, Json& datasets) {
  if (probed_trials(input).empty()) return {};
  const Json colour = arm_colour(arm_labels(input.study));
  std::vector<Chart> charts;
  for (const ProbePicture* picture : probe_pictures()) {
    Json rows = inside_rows(input, *picture);
    if (rows.empty()) continue;
    charts.push_back(picture_chart(*picture, rows, colour));
    datasets[std::string(picture->id)] = std::move(rows);
  }
  return charts;
}

}  // namespace normlab
