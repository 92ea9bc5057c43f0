#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "normlab/base/philox.h"
#include "normlab/base/thread_pool.h"
#include "normlab/nn/network.h"

/// What tests of whole networks share.
namespace normlab {

/// A team of so many threads, which lives as long as the tests.
inline Team& test_team(int threads = 1) {
  static std::map<int, ThreadPool> teams;
  return teams.try_emplace(threads, threads).first->second;
}

/// From one line of model text, with weights.
inline Network make_network(const std::string& text, Network::Limits limits = {},
                            NetworkOptions options = {}, int threads = 1) {
  const ModelSpec model = parse_model_text(text);
  Network network(model, *model.input, options, limits, test_team(threads));
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
