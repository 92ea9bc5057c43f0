#include "normlab/train/probe_document.h"

#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "normlab/train/cbor.h"
#include "normlab/train/probe_quantity.h"

namespace normlab {
namespace {

using Json = nlohmann::json;

template <class Sight>
std::string list_of(Measure<Sight>) {
  return std::string(Sight::kList);
}

/// Calls `visit(quantity, list)` for each quantity with the name of its list in the document.
template <class Visit>
void for_each_quantity(Visit&& visit) {
  for (const ProbePicture* picture : probe_pictures()) {
    for (const ProbeQuantity& quantity : picture->quantities) {
      visit(quantity, std::visit([](auto* measure) { return list_of(measure); }, quantity.measure));
    }
  }
}

/// A number, or the list of a distribution's percentiles.
Json value_json(const std::vector<float>& value) {
  return value.size() == 1 ? Json(value.front()) : Json(value);
}

std::vector<float> value_from(const Json& json) {
  return json.is_array() ? json.get<std::vector<float>>() : std::vector{json.get<float>()};
}

/// One object for each layer of a list, with one array for each quantity: names are written once,
/// whatever the number of steps.
void add_columns(Json& list, const std::string& quantity, std::span<const ProbedLayer> layers) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (list.size() <= i) list.push_back({{"layer", layers[i].layer}});
    Json& column = list[i][quantity] = Json::array();
    for (const std::vector<float>& value : layers[i].values) column.push_back(value_json(value));
  }
}

/// A document of a program that did not measure the quantity has no such columns.
std::vector<ProbedLayer> layers_from(const Json& list, const std::string& quantity,
                                     std::size_t steps) {
  std::vector<ProbedLayer> layers;
  for (const Json& object : list) {
    if (!object.contains(quantity)) continue;
    ProbedLayer& layer = layers.emplace_back(ProbedLayer{.layer = object.at("layer")});
    for (std::size_t i = 0; i < steps; ++i)
      layer.values.push_back(value_from(object.at(quantity).at(i)));
  }
  return layers;
}

Json times_json(const std::vector<KindTime>& times) {
  Json list = Json::array();
  for (const KindTime& time : times)
    list.push_back({{"kind", time.kind}, {"seconds", time.seconds}});
  return list;
}

Json example_json(const NormExample& e) {
  return {{"layer", e.layer},
          {"channel", e.channel},
          {"x", e.x},
          {"batch_mean", e.batch_mean},
          {"batch_var", e.batch_var},
          {"rows", e.rows},
          {"eps", e.eps},
          {"gamma", e.gamma},
          {"beta", e.beta},
          {"running_mean", e.running_mean},
          {"running_var", e.running_var}};
}

NormExample example_from(const Json& json) {
  return {.layer = json.at("layer"),
          .channel = json.at("channel"),
          .x = json.at("x"),
          .batch_mean = json.at("batch_mean"),
          .batch_var = json.at("batch_var"),
          .rows = json.at("rows"),
          .eps = json.at("eps"),
          .gamma = json.at("gamma"),
          .beta = json.at("beta"),
          .running_mean = json.at("running_mean"),
          .running_var = json.at("running_var")};
}

ProbeRecord record_from(const Json& json) {
  ProbeRecord record;
  record.interval = json.at("interval");
  record.examples = json.at("examples");
  record.seconds = json.at("seconds");
  json.at("steps").get_to(record.steps);
  for_each_quantity([&](const ProbeQuantity& quantity, const std::string& list) {
    const std::string name(quantity.name);
    std::vector<ProbedLayer> layers = layers_from(json.at(list), name, record.steps.size());
    if (!layers.empty() && !record.steps.empty())
      record.quantities.emplace(name, std::move(layers));
  });
  for (const Json& time : json.at("times"))
    record.times.push_back({time.at("kind"), time.at("seconds")});
  record.example = example_from(json.at("example"));
  return record;
}

}  // namespace

std::vector<std::byte> to_document(const ProbeRecord& record) {
  Json json = {{"interval", record.interval},       {"examples", record.examples},
               {"seconds", record.seconds},         {"steps", record.steps},
               {"times", times_json(record.times)}, {"example", example_json(record.example)}};
  for_each_quantity([&](const ProbeQuantity& quantity, const std::string& list) {
    Json& columns = json[list];
    if (columns.is_null()) columns = Json::array();
    add_columns(columns, std::string(quantity.name), layers_of(record, quantity.name));
  });
  return cbor_from(json);
}

ProbeRecord probe_from_document(std::span<const std::byte> document) {
  return read_cbor(document, "a probe", record_from);
}

}  // namespace normlab
