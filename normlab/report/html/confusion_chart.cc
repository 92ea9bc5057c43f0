#include "normlab/report/html/confusion_chart.h"

#include <algorithm>

#include <fmt/format.h>

#include "normlab/report/html/arms.h"
#include "normlab/report/html/vega.h"

namespace normlab {
namespace {

/// counts[truth][predicted]
using Counts = std::vector<std::vector<int>>;

Counts count(const ReportImages& images, const Predictions& predictions) {
  const std::size_t classes = images.class_names.size();
  Counts counts(classes, std::vector<int>(classes, 0));
  for (std::size_t i = 0; i < images.test.labels.size(); ++i) {
    const std::size_t truth = images.test.labels[i];
    const std::size_t predicted = predictions.labels[i];
    if (truth < classes && predicted < classes) ++counts[truth][predicted];
  }
  return counts;
}

/// The most frequent mistake, as a sentence; empty when there is none.
std::string worst_mistake(const ReportImages& images, const std::string& arm,
                          const Counts& counts) {
  std::size_t truth = 0;
  std::size_t taken_for = 0;
  int most = 0;
  for (std::size_t t = 0; t < counts.size(); ++t) {
    for (std::size_t p = 0; p < counts.size(); ++p) {
      if (t == p || counts[t][p] <= most) continue;
      most = counts[t][p];
      truth = t;
      taken_for = p;
    }
  }
  if (most == 0) return "";
  return fmt::format(" {}: most often {} is taken for {} ({} times).", arm,
                     class_name(images, truth), class_name(images, taken_for), most);
}

void add_rows(const ReportImages& images, const std::string& arm, const Counts& counts,
              Json& rows) {
  for (std::size_t t = 0; t < counts.size(); ++t) {
    int total = 0;
    for (const int n : counts[t]) total += n;
    for (std::size_t p = 0; p < counts.size(); ++p) {
      if (counts[t][p] == 0) continue;
      rows.push_back({{"arm", arm},
                      {"truth", class_name(images, t)},
                      {"predicted", class_name(images, p)},
                      {"count", counts[t][p]},
                      {"share", drawn(static_cast<double>(counts[t][p]) / total)},
                      {"wrong", t == p ? Json(nullptr) : Json(counts[t][p])}});
    }
  }
}

Json matrix_spec(const std::vector<std::string>& classes) {
  const Json x = words("predicted", "predicted", classes);
  const Json y = words("truth", "true class", classes);
  const Json hints = {hint("truth", "true class"), hint("predicted", "predicted"),
                      hint("count", "images", ","), hint("share", "of the class", ".1%")};
  Json colour = quantity("wrong", "mistakes");
  colour["scale"] = {{"zero", true}};
  std::vector<Json> layers = {layer("confusion",
                                    {{"type", "rect"}, {"stroke", "#888888"}, {"strokeWidth", 0.3}},
                                    {{"x", x}, {"y", y}, {"color", colour}, {"tooltip", hints}})};
  layers[0]["transform"] = keep_where("isValid(datum.wrong)");
  Json right = layer("confusion", {{"type", "rect"}, {"fill", "#888888"}, {"fillOpacity", 0.25}},
                     {{"x", x}, {"y", y}, {"tooltip", hints}});
  right["transform"] = keep_where("!isValid(datum.wrong)");
  layers.push_back(std::move(right));
  // Numbers of a hundred classes would be too small to read.
  constexpr std::size_t kReadable = 12;
  if (classes.size() <= kReadable) {
    layers.push_back(layer("confusion", {{"type", "text"}, {"fontSize", 9}},
                           {{"x", x}, {"y", y}, {"text", {{"field", "count"}}}}));
  }
  Json spec = layered(std::move(layers), 300);
  spec = small_pictures(
      "confusion", std::move(spec),
      {{"field", "arm"}, {"type", "nominal"}, {"title", nullptr}, {"sort", nullptr}}, 2);
  spec["spec"]["width"] = 300;
  return spec;
}

}  // namespace

Chart confusion_chart(const ReportInput& input, const std::vector<const TrialResult*>& trials,
                      Json& datasets) {
  const ReportImages& images = *input.images;
  Json rows = Json::array();
  std::string summary = "Confusion of classes on the test images.";
  for (const TrialResult* result : trials) {
    const std::string arm = arm_label(input.study, result->trial.arm);
    const Counts counts = count(images, *result->record.predictions);
    add_rows(images, arm, counts, rows);
    summary += worst_mistake(images, arm, counts);
  }
  datasets["confusion"] = std::move(rows);
  return {"confusion",
          "What is taken for what",
          "Test images of one trial per arm, that with the smallest seed. Grey: right. Coloured: "
          "mistakes, the stronger the more images of the class in the row were taken for the class "
          "of the column.",
          summary,
          matrix_spec(images.class_names),
          {"confusion"},
          nullptr};
}

}  // namespace normlab
