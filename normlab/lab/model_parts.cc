#include "normlab/lab/model_parts.h"

#include "normlab/base/trim.h"

namespace normlab {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
/// Between layers, and around the branches of a block.
constexpr std::string_view kSeparators = ",()|";

std::string_view first_word(std::string_view layer) {
  return layer.substr(0, layer.find_first_of(kBlanks));
}

bool has_bias(std::string_view layer) {
  const std::string_view name = first_word(layer);
  return (name == "linear" || name == "conv") && layer.find(" bias off") == std::string_view::npos;
}

}  // namespace

ModelParts model_parts(std::string_view layers) {
  ModelParts parts;
  std::string_view before;
  for (bool more = true; more;) {
    const std::size_t end = layers.find_first_of(kSeparators);
    more = end != std::string_view::npos;
    const std::string_view layer = trim(layers.substr(0, end));
    const bool is_norm = first_word(layer) == "norm";
    parts.norm_slots |= is_norm;
    parts.bias_before_norm |= is_norm && has_bias(before);
    parts.linear |= first_word(layer) == "linear";
    before = more && layers[end] == ',' ? layer : std::string_view();
    if (more) layers.remove_prefix(end + 1);
  }
  return parts;
}

}  // namespace normlab
