#include "normlab/train/epochs_document.h"

#include "normlab/train/cbor.h"

namespace normlab {

std::vector<std::byte> to_document(const std::vector<EpochRecord>& epochs) {
  auto list = nlohmann::json::array();
  for (const EpochRecord& e : epochs) {
    list.push_back({{"epoch", e.epoch},
                    {"steps", e.steps},
                    {"train", e.train},
                    {"validation", e.validation},
                    {"seconds", e.seconds}});
  }
  return cbor_from(list);
}

std::vector<EpochRecord> epochs_from_document(std::span<const std::byte> document) {
  return read_cbor(document, "epochs", [](const nlohmann::json& list) {
    std::vector<EpochRecord> epochs;
    for (const auto& e : list) {
      epochs.push_back({.epoch = e.at("epoch"),
                        .steps = e.at("steps"),
                        .train = e.at("train").get<Evaluation>(),
                        .validation = e.at("validation").get<Evaluation>(),
                        .seconds = e.at("seconds")});
    }
    return epochs;
  });
}

}  // namespace normlab
