#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "normlab/nn/layer_list.h"
#include "normlab/nn/shape.h"

namespace normlab {

/// A model: layers as text, with norm slots, and the input it was made for where it says so.
struct ModelSpec {
  std::string name;  ///< empty for a list of layers
  std::optional<Shape> input;
  LayerList layers;
};

/// Parses a list of layers: "flatten, linear 10" or "28x28x1: flatten, linear 10". Layers are not
/// looked into.
ModelSpec parse_model_text(std::string_view text);

/// The layers as they are written on a command line.
std::string to_text(const ModelSpec& model);

/// Parses a model file in TOML with the keys name, input and layers. `origin` is what messages call
/// it.
ModelSpec parse_model_toml(std::string_view text, std::string_view origin);

/// The model that a user's word means: the name of a model that comes with the program, the path of
/// a .toml file, or a list of layers. Throws RequestError naming the nearest model.
ModelSpec find_model(const std::string& word);

/// Names of the models that come with the program.
std::vector<std::string> model_names();

}  // namespace normlab
