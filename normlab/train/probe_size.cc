#include "normlab/train/probe_size.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "normlab/nn/planner.h"
#include "normlab/nn/registry.h"
#include "normlab/nn/sequential.h"

namespace normlab {

std::int64_t probe_examples(std::int64_t validation, std::int64_t batch) {
  constexpr std::int64_t kLeast = 2;
  constexpr std::int64_t kMost = 256;
  return std::min(std::clamp(batch, kLeast, kMost), validation);
}

std::int64_t probe_bytes(const ModelSpec& model, const Shape& input, const NetworkOptions& options,
                         std::int64_t examples) {
  std::vector<std::unique_ptr<Layer>> layers;
  for (const std::string& text : model.layers) layers.push_back(make_layer(text, options));
  Planner planner(options, {.max_examples = examples, .dry = true});
  Sequential(std::move(layers), false).plan(planner, input);
  const std::int64_t floats = 2 * planner.parameter_count() + examples * input.size();
  return floats * static_cast<std::int64_t>(sizeof(float)) + planner.arena_bytes();
}

}  // namespace normlab
