#pragma once

#include <span>
#include <vector>

#include "normlab/nn/parameters.h"
#include "normlab/nn/safetensors.h"

/// Between a network's memory and tensors named, shaped and ordered like the state_dict of
/// PyTorch's nn.Sequential.
namespace normlab {

std::vector<Tensor> save_state(std::span<const Parameter> parameters,
                               std::span<const StateTensor> state,
                               std::span<const StateCounter> counters);

/// Throws RequestError, before anything is changed, when a tensor is missing, unknown or of another
/// shape.
void load_state(const TensorFile& file, std::span<const Parameter> parameters,
                std::span<const StateTensor> state, std::span<const StateCounter> counters);

}  // namespace normlab
