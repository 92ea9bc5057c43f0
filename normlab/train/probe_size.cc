#include "normlab/train/probe_size.h"

#include <algorithm>

#include "normlab/nn/network.h"

namespace normlab {

std::int64_t probe_examples(std::int64_t validation, std::int64_t batch) {
  constexpr std::int64_t kLeast = 2;
  constexpr std::int64_t kMost = 256;
  return std::min(std::clamp(batch, kLeast, kMost), validation);
}

std::int64_t probe_bytes(const ModelSpec& model, const Shape& input, const NetworkOptions& options,
                         std::int64_t examples) {
  const std::int64_t parameters = summarize(model, input, options, examples).parameters;
  const std::int64_t floats = 2 * parameters + examples * input.size();
  return floats * static_cast<std::int64_t>(sizeof(float)) +
         arena_bytes(model, input, options, {.max_examples = examples, .fuse = false});
}

}  // namespace normlab
