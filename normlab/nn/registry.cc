#include "normlab/nn/registry.h"

#include <array>
#include <string>
#include <vector>

#include "normlab/base/error.h"
#include "normlab/base/suggest.h"
#include "normlab/nn/activation_layer.h"
#include "normlab/nn/avgpool.h"
#include "normlab/nn/conv.h"
#include "normlab/nn/dropout.h"
#include "normlab/nn/flatten.h"
#include "normlab/nn/foreign_layers.h"
#include "normlab/nn/global_avgpool.h"
#include "normlab/nn/layer_text.h"
#include "normlab/nn/linear.h"
#include "normlab/nn/maxpool.h"
#include "normlab/nn/norm_layer.h"
#include "normlab/nn/scale.h"

namespace normlab {
namespace {

struct LayerType {
  std::string_view usage;  ///< starts with the name
  std::unique_ptr<Layer> (*parse)(LayerText&, const NetworkOptions&);

  std::string_view name() const { return usage.substr(0, usage.find(' ')); }
};

constexpr std::array kLayerTypes{
    LayerType{Linear::kUsage, Linear::parse},
    LayerType{Conv::kUsage, Conv::parse},
    LayerType{NormLayer::kUsage, NormLayer::parse},
    LayerType{"relu", ActivationLayer::parse<ActivationKind::relu>},
    LayerType{"leaky_relu [slope S]", ActivationLayer::parse<ActivationKind::leaky_relu>},
    LayerType{"sigmoid", ActivationLayer::parse<ActivationKind::sigmoid>},
    LayerType{"tanh", ActivationLayer::parse<ActivationKind::tanh>},
    LayerType{"gelu", ActivationLayer::parse<ActivationKind::gelu>},
    LayerType{MaxPool::kUsage, MaxPool::parse},
    LayerType{AvgPool::kUsage, AvgPool::parse},
    LayerType{GlobalAvgPool::kUsage, GlobalAvgPool::parse},
    LayerType{Dropout::kUsage, Dropout::parse},
    LayerType{Flatten::kUsage, Flatten::parse},
    LayerType{Scale::kUsage, Scale::parse},
};

[[noreturn]] void fail_unknown(std::string_view name) {
  std::vector<std::string> known;
  std::string list;
  for (const LayerType& type : kLayerTypes) {
    known.emplace_back(type.name());
    list += (list.empty() ? "" : ", ") + known.back();
  }
  if (const std::string advice = foreign_layer_advice(name); !advice.empty())
    fail("unknown layer '{}': {}; known layers: {}", name, advice, list);
  const std::string nearest = did_you_mean(name, known);
  fail("unknown layer '{}'{}; known layers: {}", name,
       nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest), list);
}

}  // namespace

std::unique_ptr<Layer> make_layer(std::string_view text, const NetworkOptions& options) {
  LayerText words(text);
  if (words.name().empty()) fail("an empty layer: is there a comma too many?");
  for (const LayerType& type : kLayerTypes) {
    if (type.name() != words.name()) continue;
    try {
      return type.parse(words, options);
    } catch (const RequestError& error) {
      fail("{} (written: {})", error.what(), type.usage);
    }
  }
  fail_unknown(words.name());
}

}  // namespace normlab
