#include "normlab/nn/norm_layer.h"

namespace normlab {

std::unique_ptr<Layer> NormLayer::parse(LayerText& text, const NetworkOptions& options) {
  text.end();
  return std::make_unique<NormLayer>(options.norm.kind);
}

}  // namespace normlab
