#pragma once

#include <span>
#include <string>
#include <string_view>

namespace normlab {

/// Writes the text to standard output, all of it, at once. Throws Error when that cannot be done: a
/// full disk or a closed pipe must not pass for success.
void write_output(std::string_view text);

/// Writes what others have left in the buffers of standard output. Throws like write_output.
void flush_output();

/// Writes to standard error; if that fails there is nobody to tell.
void write_message(std::string_view text);

/// One message for each: "normlab: warning: ...".
void write_warnings(std::span<const std::string> warnings);

}  // namespace normlab
