#pragma once

#include <string>

namespace normlab {

/// What trials run on, as a JSON object: program, git state of its sources, compiler, instruction
/// set, processor, cores, libraries. Kept with every trial, since times mean nothing without it.
std::string describe_environment();

/// "0.1.0"
std::string program_version();

/// "GCC 12.2.0"
std::string describe_compiler();

}  // namespace normlab
