#pragma once

#include <string>

#include "normlab/cli/cli11_fwd.h"

namespace normlab {

/// Adds `version` and the flag --version.
void add_version_command(CLI::App& root);

/// Version, build, instruction set in use, and the libraries that results depend on.
std::string describe_version();

}  // namespace normlab
