#include "normlab/lab/model_parts.h"

#include "normlab/nn/layer_list.h"

namespace normlab {
namespace {

std::string_view first_word(std::string_view layer) {
  return layer.substr(0, layer.find(' '));
}

bool has_bias(std::string_view layer) {
  const std::string_view name = first_word(layer);
  return (name == "linear" || name == "conv") && layer.find(" bias off") == std::string_view::npos;
}

void add_parts(const LayerList& layers, ModelParts& parts) {
  std::string_view before;
  for (const LayerSpec& layer : layers) {
    const bool is_norm = first_word(layer.text) == "norm";
    parts.norm_slots |= is_norm;
    parts.bias |= has_bias(layer.text);
    parts.bias_before_norm |= is_norm && has_bias(before);
    parts.linear |= first_word(layer.text) == "linear";
    parts.scale |= first_word(layer.text) == "scale";
    parts.convolution |= first_word(layer.text) == "conv";
    before = layer.text;
    add_parts(layer.body, parts);
    add_parts(layer.shortcut, parts);
  }
}

}  // namespace

ModelParts model_parts(std::string_view layers) {
  ModelParts parts;
  add_parts(parse_layer_list(layers, "model"), parts);
  return parts;
}

}  // namespace normlab
