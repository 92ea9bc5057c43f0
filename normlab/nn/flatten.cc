#include "normlab/nn/flatten.h"

namespace normlab {

std::unique_ptr<Layer> Flatten::parse(LayerText& text, const NetworkOptions&) {
  text.end();
  return std::make_unique<Flatten>();
}

Shape Flatten::output(const Shape& input) const {
  Shape flat = input;
  flat.flat = true;
  return flat;
}

}  // namespace normlab
