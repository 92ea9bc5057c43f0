#include "normlab/report/html/grid_chart.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "normlab/lab/settings.h"
#include "normlab/report/html/arms.h"
#include "normlab/report/html/number_phrases.h"
#include "normlab/report/html/vega.h"
#include "normlab/report/number_text.h"

namespace normlab {
namespace {

using Words = std::vector<std::string>;

/// The values of a setting in the order of the arms, each once.
Words values_of(const Study& study, const std::string& key) {
  Words values;
  for (const Arm& arm : study.arms) {
    const std::string value = find_setting(key).format(arm.settings);
    if (std::ranges::find(values, value) == values.end()) values.push_back(value);
  }
  return values;
}

/// Which settings are the axes: down the norm where it varies, across the setting with most values.
struct GridAxes {
  std::string across;
  std::string down;
  Words rest;  ///< further settings, one picture for each of their values
};

std::optional<GridAxes> choose_axes(const Study& study) {
  Words keys = study.arms.empty() ? Words{} : varied_keys(study);
  if (keys.size() < 2 || study.arms.size() < 3) return std::nullopt;
  std::ranges::stable_sort(keys, std::greater<>(), [&](const std::string& key) {
    return key == "norm" ? 0 : values_of(study, key).size();
  });
  GridAxes axes;
  axes.across = keys[0];
  const auto norm = std::ranges::find(keys, "norm");
  axes.down = norm == keys.end() ? keys[1] : *norm;
  for (const std::string& key : keys) {
    if (key != axes.across && key != axes.down) axes.rest.push_back(key);
  }
  return axes;
}

std::string cell_text(const ArmSummary& arm) {
  const MetricSummary& accuracy = arm[Metric::validation_accuracy];
  const std::size_t trials = arm.n + arm.diverged;
  if (trials == 0) return "not run";
  if (!accuracy.mean) return fmt::format("× {}/{} diverged", arm.diverged, trials);
  std::string text = fixed(*accuracy.mean * 100, 1);
  if (arm.diverged > 0) text += fmt::format(" ({}/{} div.)", arm.diverged, trials);
  if (arm.at_chance > 0) text += fmt::format(" ({}/{} chance)", arm.at_chance, trials);
  return text;
}

Json grid_rows(const ReportInput& input, const GridAxes& axes) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < input.study.arms.size(); ++i) {
    const TrialSettings& settings = input.study.arms[i].settings;
    const ArmSummary& arm = input.comparison.arms[i];
    std::string rest;
    for (const std::string& key : axes.rest) {
      rest +=
          fmt::format("{}{}={}", rest.empty() ? "" : " ", key, find_setting(key).format(settings));
    }
    rows.push_back({{"arm", arm_label(input.study, i)},
                    {"across", find_setting(axes.across).format(settings)},
                    {"down", find_setting(axes.down).format(settings)},
                    {"rest", rest},
                    {"accuracy", exact(arm[Metric::validation_accuracy].mean)},
                    {"n", arm.n},
                    {"diverged", arm.diverged},
                    {"text", cell_text(arm)}});
  }
  return rows;
}

Json grid_spec(const Study& study, const GridAxes& axes) {
  const Json x = words("across", axes.across, values_of(study, axes.across));
  const Json y = words("down", axes.down, values_of(study, axes.down));
  const Json hints = {hint("arm", "arm"), hint("accuracy", "validation accuracy", ".2%"),
                      hint("n", "trials that ended"), hint("diverged", "diverged")};
  Json colour = quantity("accuracy", "validation accuracy");
  colour["legend"] = {{"format", ".0%"}};
  const Json failed = {{"mark", {{"type", "rect"}, {"fill", "#888888"}, {"fillOpacity", 0.25}}},
                       {"transform", keep_where("!isValid(datum.accuracy)")},
                       {"encoding", {{"x", x}, {"y", y}, {"tooltip", hints}}}};
  const Json cells = {{"mark", {{"type", "rect"}}},
                      {"transform", keep_where("isValid(datum.accuracy)")},
                      {"encoding", {{"x", x}, {"y", y}, {"color", colour}, {"tooltip", hints}}}};
  const Json text = {{"mark", {{"type", "text"}, {"fontSize", 12}, {"fontWeight", "bold"}}},
                     {"encoding", {{"x", x}, {"y", y}, {"text", {{"field", "text"}}}}}};
  const int height = std::max(90, 44 * static_cast<int>(values_of(study, axes.down).size()) + 10);
  Json spec = layered({failed, cells, text}, height);
  if (axes.rest.empty()) {
    spec["data"] = {{"name", "grid"}};
    return spec;
  }
  return small_pictures(
      "grid", std::move(spec),
      {{"field", "rest"}, {"type", "nominal"}, {"title", nullptr}, {"sort", nullptr}}, 2);
}

}  // namespace

std::optional<Chart> grid_chart(const ReportInput& input, Json& datasets) {
  const auto axes = choose_axes(input.study);
  if (!axes) return std::nullopt;
  datasets["grid"] = grid_rows(input, *axes);
  std::string summary = "Mean validation accuracy in percent.";
  for (const Json& row : datasets["grid"]) {
    summary +=
        fmt::format(" {}: {}.", row["arm"].get<std::string>(), row["text"].get<std::string>());
  }
  return Chart{"grid",
               fmt::format("Validation accuracy by {} and {}", axes->across, axes->down),
               "Each cell is the mean over seeds of the last epoch's validation accuracy, in "
               "percent. Grey with a cross: every trial diverged; (2/5 div.): so many did, and the "
               "mean is over the others. (2/5 chance): so many ended with no more than the most "
               "frequent class gives; they are in the mean.",
               summary,
               grid_spec(input.study, *axes),
               {"grid"},
               nullptr};
}

}  // namespace normlab
