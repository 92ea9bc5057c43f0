#include "normlab/nn/flatten.h"

namespace normlab {

std::unique_ptr<Layer> Flatten::parse(LayerText& text, const NetworkOptions&) {
  text.end();
  return std::make_unique<Flatten>();
}

Shape Flatten::plan(Planner&, const Shape& input) {
  Shape flat = input;
  flat.flat = true;
  return flat;
}

}  // namespace normlab
