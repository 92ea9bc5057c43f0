#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "normlab/base/philox.h"
#include "normlab/nn/network.h"

/// What tests of whole networks share.
namespace normlab {

/// From one line of model text, with weights.
inline Network make_network(const std::string& text, Network::Limits limits = {},
                            NetworkOptions options = {}) {
  const ModelSpec model = parse_model_text(text);
  Network network(model, *model.input, options, limits);
  network.initialize({}, 1);
  return network;
}

inline std::vector<float> random_input(const Network& network, std::int64_t examples) {
  Philox random(3, Purpose::test, 9);
  std::vector<float> x(static_cast<std::size_t>(examples * network.input().size()));
  for (float& value : x) value = static_cast<float>(random.normal());
  return x;
}

}  // namespace normlab
