#pragma once

#include <span>
#include <string>
#include <string_view>

namespace normlab {

/// The word as a POSIX shell reads it back: as it is, or in single quotes when a shell would change
/// it.
std::string shell_word(std::string_view word);

/// Words as one line of a POSIX shell. Every command that the program prints is made by this
/// function, so that it can be copied into a terminal.
std::string command_text(std::span<const std::string> words);

}  // namespace normlab
