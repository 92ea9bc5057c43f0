#pragma once

#include "normlab/cli/cli11_fwd.h"

namespace normlab {

/// Adds `show`: what is stored of one study or one trial.
void add_show_command(CLI::App& root);

}  // namespace normlab
