#pragma once

#include <memory>
#include <string_view>

#include "normlab/nn/layer.h"
#include "normlab/nn/options.h"

namespace normlab {

/// Makes the layer that `text` describes. Throws RequestError for an unknown layer, naming the
/// nearest, or arguments that do not fit, showing how they are written.
std::unique_ptr<Layer> make_layer(std::string_view text, const NetworkOptions& options);

}  // namespace normlab
