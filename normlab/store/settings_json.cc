#include "normlab/store/settings_json.h"

#include <nlohmann/json.hpp>

#include "normlab/lab/settings.h"

namespace normlab {

std::string settings_to_json(const TrialSettings& settings) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const auto& [key, value] : list_settings(settings)) object[key] = value;
  return object.dump();
}

TrialSettings settings_from_json(const std::string& text) {
  return recorded_settings(nlohmann::json::parse(text).get<std::map<std::string, std::string>>());
}

}  // namespace normlab
