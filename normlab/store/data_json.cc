#include "normlab/store/data_json.h"

#include <nlohmann/json.hpp>

namespace normlab {

std::string data_to_json(std::span<const DataFacts> data) {
  nlohmann::json list = nlohmann::json::array();
  for (const DataFacts& d : data) {
    list.push_back({{"name", d.name},
                    {"sha256", d.sha256},
                    {"synthetic", d.synthetic},
                    {"train", d.train},
                    {"validation", d.validation},
                    {"test", d.test}});
  }
  return list.dump();
}

std::vector<DataFacts> data_from_json(const std::string& text) {
  std::vector<DataFacts> data;
  for (const auto& d : nlohmann::json::parse(text)) {
    data.push_back({.name = d.at("name"),
                    .sha256 = d.at("sha256"),
                    .synthetic = d.at("synthetic"),
                    .train = d.at("train"),
                    .validation = d.at("validation"),
                    .test = d.at("test")});
  }
  return data;
}

std::string texts_to_json(std::span<const std::string> texts) {
  return nlohmann::json(std::vector<std::string>(texts.begin(), texts.end())).dump();
}

std::vector<std::string> texts_from_json(const std::string& text) {
  return nlohmann::json::parse(text).get<std::vector<std::string>>();
}

}  // namespace normlab
