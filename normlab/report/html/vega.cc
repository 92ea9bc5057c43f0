#include "normlab/report/html/vega.h"

#include <utility>

namespace normlab {

namespace {

constexpr const char* kSchema = "https://vega.github.io/schema/vega-lite/v5.json";

}  // namespace

Json layered(std::vector<Json> layers, int height) {
  return {{"$schema", kSchema},
          {"width", "container"},
          {"height", height},
          {"layer", std::move(layers)}};
}

Json layer(const std::string& dataset, Json mark, Json encoding) {
  return {
      {"data", {{"name", dataset}}}, {"mark", std::move(mark)}, {"encoding", std::move(encoding)}};
}

Json quantity(const std::string& field, const std::string& title, const std::string& format) {
  Json channel = {
      {"field", field}, {"type", "quantitative"}, {"title", title}, {"scale", {{"zero", false}}}};
  if (!format.empty()) channel["axis"] = {{"format", format}};
  return channel;
}

Json end_at(const std::string& field) {
  return {{"field", field}};
}

Json words(const std::string& field, const std::string& title,
           const std::vector<std::string>& order) {
  return {{"field", field}, {"type", "nominal"}, {"title", title}, {"sort", order}};
}

Json arm_colour(const std::vector<std::string>& labels) {
  return {
      {"field", "arm"}, {"type", "nominal"}, {"title", nullptr}, {"scale", {{"domain", labels}}}};
}

Json hint(const std::string& field, const std::string& title, const std::string& format) {
  Json entry = {{"field", field}, {"title", title}};
  if (!format.empty()) {
    entry["type"] = "quantitative";
    entry["format"] = format;
  }
  return entry;
}

Json keep_where(const std::string& expression) {
  Json filter = Json::object();
  filter["filter"] = expression;
  Json transforms = Json::array();
  transforms.push_back(std::move(filter));
  return transforms;
}

Json small_pictures(const std::string& dataset, Json inner, const Json& facet, int columns) {
  constexpr int kWidth = 200;
  inner.erase("$schema");
  inner["width"] = kWidth;
  for (Json& one : inner["layer"]) one.erase("data");
  Json spec = {{"$schema", kSchema}, {"data", {{"name", dataset}}}, {"facet", facet}};
  if (columns > 0) spec["columns"] = columns;
  spec["spec"] = std::move(inner);
  return spec;
}

std::string x_title(const std::string& field) {
  if (field == "seconds") return "seconds of training";
  return field;
}

Json curve_controls(const std::string& first) {
  Json axes = Json::array();
  const auto add = [&](const std::string& field) {
    axes.push_back({{"field", field}, {"title", x_title(field)}});
  };
  add(first);
  for (const char* field : {"step", "epoch", "seconds"}) {
    if (field != first) add(field);
  }
  return {{"x", axes}, {"log", {"x", "y"}}};
}

}  // namespace normlab
