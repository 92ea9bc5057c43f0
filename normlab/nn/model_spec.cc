#include "normlab/nn/model_spec.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <toml++/toml.h>

#include "normlab/base/error.h"
#include "normlab/base/parse_number.h"
#include "normlab/base/suggest.h"
#include "normlab/base/trim.h"
#include "normlab/nn/builtin_models.h"

namespace normlab {
namespace {

constexpr std::int64_t kMaxSide = 65536;
constexpr std::size_t kMaxFileSize = 1 << 20;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.emplace_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Shape make_shape(const std::vector<std::int64_t>& sides, std::string_view text) {
  const bool sizes_fit =
      std::ranges::all_of(sides, [](auto side) { return side >= 1 && side <= kMaxSide; });
  if (sizes_fit && sides.size() == 3) return {sides[0], sides[1], sides[2]};
  if (sizes_fit && sides.size() == 1) return Shape::vector(sides[0]);
  fail(
      "input shape '{}': expected height x width x channels like 28x28x1, or one number, each from "
      "1 to {}",
      text, kMaxSide);
}

Shape parse_shape(const std::string& text) {
  std::vector<std::int64_t> sides;
  for (const std::string& part : split(text, 'x')) {
    sides.push_back(parse_whole(part).value_or(0));
  }
  return make_shape(sides, text);
}

/// The entries of 'layers' are parts of one list, so that a block may span several of them.
LayerList layer_list(const toml::table& table, std::string_view origin) {
  const toml::array* array = table["layers"].as_array();
  if (array == nullptr) fail("{}: expected 'layers' to be a list of strings", origin);
  if (array->empty()) fail("{}: no layers", origin);
  std::string text;
  for (const toml::node& node : *array) {
    const auto value = node.value_exact<std::string>();
    if (!value) fail("{}: expected every entry of 'layers' to be a string", origin);
    text += (text.empty() ? "" : ", ") + *value;
  }
  return parse_layer_list(text, origin);
}

Shape input_shape(const toml::array& array, std::string_view origin) {
  std::vector<std::int64_t> sides;
  for (const toml::node& node : array)
    sides.push_back(node.value_exact<std::int64_t>().value_or(0));
  return make_shape(sides, origin);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail("model file '{}': cannot be opened", path);
  std::string text(kMaxFileSize + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxFileSize)
    fail("model file '{}': larger than {} bytes, so not a model", path, kMaxFileSize);
  return text;
}

}  // namespace

ModelSpec parse_model_text(std::string_view text) {
  ModelSpec spec;
  if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    spec.input = parse_shape(std::string(trim(text.substr(0, colon))));
    text.remove_prefix(colon + 1);
  }
  spec.layers = parse_layer_list(text, "model");
  return spec;
}

std::string to_text(const ModelSpec& model) {
  return to_text(model.layers);
}

ModelSpec parse_model_toml(std::string_view text, std::string_view origin) {
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& error) {
    fail("{}:{}: {}", origin, error.source().begin.line, error.description());
  }
  static const std::vector<std::string> known{"name", "input", "layers"};
  for (const auto& [key, value] : table) {
    if (std::ranges::find(known, key.str()) != known.end()) continue;
    const std::string nearest = did_you_mean(key.str(), known);
    fail("{}:{}: unknown key '{}'{}; known: name, input, layers", origin, value.source().begin.line,
         key.str(), nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest));
  }
  ModelSpec spec;
  spec.name = table["name"].value_or(std::string());
  if (spec.name.empty()) fail("{}: expected 'name', a string", origin);
  if (table.contains("input")) {
    const toml::array* input = table["input"].as_array();
    if (input == nullptr) fail("{}: expected 'input' to be a list like [28, 28, 1]", origin);
    spec.input = input_shape(*input, origin);
  }
  spec.layers = layer_list(table, origin);
  return spec;
}

ModelSpec find_model(const std::string& word) {
  for (const BuiltinText& model : builtin_models()) {
    if (model.name == word)
      return parse_model_toml(model.text, fmt::format("presets/models/{}.toml", word));
  }
  if (word.ends_with(".toml")) return parse_model_toml(read_file(word), word);
  // A list of layers has a space or a comma; a name has neither.
  if (word.find_first_of(" ,:(") != std::string::npos) return parse_model_text(word);
  const std::vector<std::string> names = model_names();
  const std::string nearest = did_you_mean(word, names);
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  fail(
      "unknown model '{}'{}; known models: {}; or give a .toml file, or layers: \"flatten, linear "
      "10\"",
      word, nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest), list);
}

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const BuiltinText& model : builtin_models()) names.emplace_back(model.name);
  return names;
}

}  // namespace normlab
