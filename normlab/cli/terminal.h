#pragma once

#include <string>
#include <string_view>

namespace normlab {

enum class Stream { output, error };

/// What the terminal behind a stream can do.
struct Terminal {
  bool interactive = false;  ///< lines may be drawn again
  bool colours = false;      ///< NO_COLOR is not set (https://no-color.org)
  int columns = 80;
  int rows = 24;
};

/// Asks the system anew each time, as windows change their size.
Terminal inspect_terminal(Stream stream);

/// How many columns the UTF-8 text takes, one for each code point.
int text_width(std::string_view text);

/// The text cut or filled up with blanks to exactly `columns`.
std::string fit(std::string_view text, int columns);

}  // namespace normlab
