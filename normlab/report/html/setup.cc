#include "normlab/report/html/setup.h"

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
    Json drawn = {{"text", layer.text},
                  {"shape", layer.shape},
                  {"parameters", layer.parameters},
                  {"norm_slot", layer.norm_slot}};
    if (layer.depth > 0) {
      drawn["depth"] = layer.depth;
      drawn["in_shortcut"] = layer.in_shortcut;
    }
    block["layers"].push_back(std::move(drawn));
  }
  return block;
}

Json differing_settings(const Study& study, const std::vector<std::string>& keys) {
  Json block = settings_block();
  for (const std::string& key : keys) {
    Json values = Json::array();
    for (const Arm& arm : study.arms) values.push_back(find_setting(key).format(arm.settings));
    block["differ"].push_back({{"key", key}, {"values", values}});
  }
  return block;
}

}  // namespace

Json setup(const ReportInput& input) {
  std::vector<Json> blocks;
  if (auto images = sample_images(input)) {
    blocks.push_back(std::move(*images));
  } else if (!input.images_missing.empty()) {
    blocks.push_back(
        text_block(fmt::format("The images are not shown: {}.", input.images_missing)));
  }
  if (!input.model.layers.empty()) blocks.push_back(model_block(input.model));
  if (const auto keys = varied_keys(input.study); !keys.empty()) {
    blocks.push_back(differing_settings(input.study, keys));
  }
  return section("setup", "What was compared", std::move(blocks));
}

}  // namespace normlab
