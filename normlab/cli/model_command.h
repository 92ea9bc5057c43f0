#pragma once

#include <string>

#include "normlab/cli/cli11_fwd.h"
#include "normlab/nn/model_spec.h"
#include "normlab/nn/network.h"

namespace normlab {

/// Adds `model`: what a model or a checkpoint holds, layer by layer.
void add_model_command(CLI::App& root);

/// The summary as text: shapes, operations, parameters, bytes, and how every norm slot is filled.
std::string describe_model(const ModelSpec& model, const Shape& input,
                           const NetworkOptions& options);

}  // namespace normlab
