#pragma once

#include "normlab/cli/cli11_fwd.h"

namespace normlab {

/// Adds `report`: a stored study's comparison, on the terminal or as a file.
void add_report_command(CLI::App& root);

}  // namespace normlab
