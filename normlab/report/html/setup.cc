#include "normlab/report/html/setup.h"

#include <algorithm>

#include <fmt/format.h>

#include "normlab/lab/settings.h"
#include "normlab/report/html/arms.h"
#include "normlab/report/html/images.h"

namespace normlab {
namespace {

Json model_block(const ReportModel& model) {
  Json block = {{"kind", "model"},
                {"title", "Model " + model.name},
                {"layers", Json::array()},
                {"input", model.input},
                {"parameters", model.parameters}};
  for (const ReportLayer& layer : model.layers) {
    block["layers"].push_back({{"text", layer.text},
                               {"shape", layer.shape},
                               {"parameters", layer.parameters},
                               {"norm_slot", layer.norm_slot}});
  }
  return block;
}

}  // namespace

Json settings_block(const Study& study) {
  Json block = {{"kind", "settings"}, {"differ", Json::array()}, {"same", Json::array()}};
  if (study.arms.empty()) return block;
  const std::vector<std::string> varied = varied_keys(study);
  for (const std::string& key : varied) {
    Json values = Json::array();
    for (const Arm& arm : study.arms) values.push_back(find_setting(key).format(arm.settings));
    block["differ"].push_back({{"key", key}, {"values", values}});
  }
  for (const auto& [key, value] : list_settings(study.arms[0].settings)) {
    if (key == "seed" || std::ranges::find(varied, key) != varied.end()) continue;
    block["same"].push_back({{"key", key}, {"value", value}});
  }
  return block;
}

Json setup(const ReportInput& input) {
  std::vector<Json> blocks;
  if (auto images = sample_images(input)) {
    blocks.push_back(std::move(*images));
  } else if (!input.images_missing.empty()) {
    blocks.push_back(text_block(fmt::format(
        "The images are not shown, as the data was not found: {}", input.images_missing)));
  }
  if (!input.model.layers.empty()) blocks.push_back(model_block(input.model));
  blocks.push_back(settings_block(input.study));
  return section("setup", "What was compared", std::move(blocks));
}

}  // namespace normlab
