#pragma once

#include <cstdint>

#include "normlab/nn/model_spec.h"
#include "normlab/nn/options.h"
#include "normlab/nn/shape.h"

namespace normlab {

/// How many of `validation` images a probe looks at: as many as a batch has, but at least 2 and at
/// most 256, where there are so many.
std::int64_t probe_examples(std::int64_t validation, std::int64_t batch);

/// Memory of the network through which a probe looks at `examples` images, in bytes: parameters,
/// gradients, activations, the images. Its layers run one by one, so that it takes more than a
/// network that is trained. Requires: the layers fit together.
std::int64_t probe_bytes(const ModelSpec& model, const Shape& input, const NetworkOptions& options,
                         std::int64_t examples);

}  // namespace normlab
