#include "normlab/report/text_layout.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace normlab {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

/// Unicode 15, East Asian Width W and F, by blocks.
constexpr std::array<Range, 9> kWide = {{{0x1100, 0x115F},
                                         {0x2E80, 0xA4CF},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFF60},
                                         {0xFFE0, 0xFFE6},
                                         {0x1F300, 0x1FAFF},
                                         {0x20000, 0x3FFFD}}};
/// Combining marks, zero-width space and joiners, variation selectors.
constexpr std::array<Range, 4> kZero = {
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20F0}, {0xFE00, 0xFE0F}}};

template <std::size_t count>
bool within(std::uint32_t code, const std::array<Range, count>& ranges) {
  return std::ranges::any_of(
      ranges, [code](const Range& range) { return range.first <= code && code <= range.last; });
}

/// Bytes of the character that `first` begins; 1 for a byte that begins none.
std::size_t sequence_length(unsigned char first) {
  return first >= 0xF0 && first < 0xF8 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
}

/// Removes the first character of `text` and returns its code point; a byte that is not UTF-8
/// stands for itself.
std::uint32_t take_character(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = first < 0xF8 ? sequence_length(first) : 1;
  std::uint32_t code = length == 1 ? first : first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || (text[i] & 0xC0) != 0x80) {
      text.remove_prefix(1);
      return first;
    }
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  }
  text.remove_prefix(length);
  return code;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const std::uint32_t code = take_character(text);
    width += within(code, kZero) ? 0 : within(code, kWide) ? 2 : 1;
  }
  return width;
}

std::size_t widest(const std::vector<std::string>& lines) {
  std::size_t width = 0;
  for (const std::string& line : lines) width = std::max(width, display_width(line));
  return width;
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t missing = width - std::min(width, display_width(text));
  return std::string(missing, ' ').append(text);
}

std::string pad_right(std::string_view text, std::size_t width) {
  const std::size_t missing = width - std::min(width, display_width(text));
  return std::string(text).append(missing, ' ');
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (lines.back().empty()) {
      lines.back() = word;
    } else if (display_width(lines.back()) + 1 + display_width(word) <= width) {
      lines.back().append(" ").append(word);
    } else {
      lines.emplace_back(word);
    }
  }
  return lines;
}

}  // namespace normlab
