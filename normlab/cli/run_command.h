#pragma once

#include "normlab/cli/cli11_fwd.h"

namespace normlab {

/// Adds `run`: every trial of a grid, then the comparison of its arms.
void add_run_command(CLI::App& root);

}  // namespace normlab
