#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "normlab/nn/parameters.h"
#include "normlab/nn/safetensors.h"

/// Between a network's memory and tensors named, shaped and ordered like the state_dict of
/// PyTorch's nn.Sequential.
namespace normlab {

std::vector<Tensor> save_state(std::span<const Parameter> parameters,
                               std::span<const StateTensor> state,
                               std::span<const StateCounter> counters);

/// What every name in the file has in front of the names of nn.Sequential, of which `name` is one:
/// "module." of PyTorch's DataParallel, "_orig_mod." of torch.compile, "net." of a module that
/// holds the network. Empty when `name` is there as it is, or the file's names have nothing in
/// common.
std::string common_prefix(const TensorFile& file, std::string_view name);

/// Returns the common_prefix() that was left out of the file's names. Throws RequestError, before
/// anything is changed, when a tensor is missing, unknown or of another shape, or holds a number
/// that is not finite or a variance below zero (it names the tensor and the place).
std::string load_state(const TensorFile& file, std::span<const Parameter> parameters,
                       std::span<const StateTensor> state, std::span<const StateCounter> counters);

}  // namespace normlab
