#include "normlab/train/probe_document.h"

#include <string>

#include <nlohmann/json.hpp>

#include "normlab/train/cbor.h"

namespace normlab {
namespace {

using Json = nlohmann::json;

/// One object for each layer of a list (`layers` of a moment), with one array for each field: names
/// are written once, whatever the number of moments.
template <class Layers, class AddFields>
Json columns(const ProbeRecord& record, Layers&& layers, AddFields&& add_fields) {
  Json list = Json::array();
  for (const ProbeMoment& moment : record.moments) {
    for (std::size_t i = 0; i < layers(moment).size(); ++i) {
      if (list.size() <= i) list.push_back({{"layer", layers(moment)[i].layer}});
      add_fields(list[i], layers(moment)[i]);
    }
  }
  return list;
}

/// Makes the layers of every moment from `list`; `read` takes the fields of moment `m`.
template <class Layers, class Read>
void from_columns(ProbeRecord& record, const Json& list, Layers&& layers, Read&& read) {
  for (const Json& column : list) {
    for (std::size_t m = 0; m < record.moments.size(); ++m) {
      auto& layer = layers(record.moments[m]).emplace_back();
      column.at("layer").get_to(layer.layer);
      read(column, m, layer);
    }
  }
}

const auto activations_of = [](auto& moment) -> auto& {
  return moment.activations;
};
const auto gradients_of = [](auto& moment) -> auto& {
  return moment.gradients;
};
const auto norms_of = [](auto& moment) -> auto& {
  return moment.norms;
};

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
  for (const Json& step : json.at("steps")) record.moments.emplace_back().step = step;
  from_columns(record, json.at("activations"), activations_of,
               [](const Json& column, std::size_t m, ActivationProbe& layer) {
                 column.at("input").at(m).get_to(layer.input);
                 column.at("dead").at(m).get_to(layer.dead);
               });
  from_columns(record, json.at("gradients"), gradients_of,
               [](const Json& column, std::size_t m, GradientProbe& layer) {
                 column.at("norm").at(m).get_to(layer.norm);
               });
  from_columns(record, json.at("norms"), norms_of,
               [](const Json& column, std::size_t m, NormProbe& layer) {
                 column.at("gamma").at(m).get_to(layer.gamma);
                 column.at("beta").at(m).get_to(layer.beta);
                 column.at("mean_distance").at(m).get_to(layer.mean_distance);
                 column.at("log_variance_distance").at(m).get_to(layer.log_variance_distance);
               });
  for (const Json& time : json.at("times"))
    record.times.push_back({time.at("kind"), time.at("seconds")});
  record.example = example_from(json.at("example"));
  return record;
}

}  // namespace

std::vector<std::byte> to_document(const ProbeRecord& record) {
  Json json = {{"interval", record.interval},       {"examples", record.examples},
               {"seconds", record.seconds},         {"steps", Json::array()},
               {"times", times_json(record.times)}, {"example", example_json(record.example)}};
  for (const ProbeMoment& moment : record.moments) json["steps"].push_back(moment.step);
  json["activations"] =
      columns(record, activations_of, [](Json& column, const ActivationProbe& layer) {
        column["input"].push_back(layer.input);
        column["dead"].push_back(layer.dead);
      });
  json["gradients"] = columns(record, gradients_of, [](Json& column, const GradientProbe& layer) {
    column["norm"].push_back(layer.norm);
  });
  json["norms"] = columns(record, norms_of, [](Json& column, const NormProbe& layer) {
    column["gamma"].push_back(layer.gamma);
    column["beta"].push_back(layer.beta);
    column["mean_distance"].push_back(layer.mean_distance);
    column["log_variance_distance"].push_back(layer.log_variance_distance);
  });
  return cbor_from(json);
}

ProbeRecord probe_from_document(std::span<const std::byte> document) {
  return read_cbor(document, "a probe", record_from);
}

}  // namespace normlab
