#pragma once

#include <CLI/CLI.hpp>

namespace normlab {

/// Adds `show`: what is stored of one study or one trial.
void add_show_command(CLI::App& root);

}  // namespace normlab
