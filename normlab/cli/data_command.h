#pragma once

#include "normlab/cli/cli11_fwd.h"

namespace normlab {

/// `normlab data list|info|verify|fetch`. Results go to standard output, progress to standard
/// error; what is wrong is thrown from the command's callback as RequestError or Error.
CLI::App* add_data_command(CLI::App& root);

}  // namespace normlab
