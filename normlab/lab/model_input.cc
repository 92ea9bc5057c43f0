#include "normlab/lab/model_input.h"

#include <fmt/format.h>

#include "normlab/base/error.h"

namespace normlab {

std::string check_input(const ModelSpec& model, const Dataset& data) {
  const Shape images{data.height, data.width, data.channels};
  if (!model.input || *model.input == images) return "";
  if (model.name.empty()) {
    fail(
        "the model says that its input is {}, but the images of {} are {}: write {} in front of "
        "the layers, or nothing, or give other data",
        to_string(*model.input), data.name, to_string(images), to_string(images));
  }
  return fmt::format("model {} was made for inputs of {}; with {} it takes {}", model.name,
                     to_string(*model.input), data.name, to_string(images));
}

}  // namespace normlab
