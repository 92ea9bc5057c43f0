#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace normlab {

/// Columns that UTF-8 `text` takes on a terminal: two for wide East Asian characters and emoji,
/// none for combining marks, one for each byte that is not UTF-8.
std::size_t display_width(std::string_view text);

/// The display width of the widest of `lines`; 0 when there is none.
std::size_t widest(const std::vector<std::string>& lines);

/// `text` with spaces in front of it, or after it, up to `width` columns; unchanged when it is that
/// wide already.
std::string pad_left(std::string_view text, std::size_t width);
std::string pad_right(std::string_view text, std::size_t width);

/// `text` broken at spaces into lines of at most `width` columns; a longer word has a line of its
/// own. At least one line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

}  // namespace normlab
