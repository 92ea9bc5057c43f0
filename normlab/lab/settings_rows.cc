#include "normlab/lab/settings_rows.h"

#include <algorithm>

namespace normlab::settings_rows {
namespace {

/// How many bytes the code point that starts with this byte takes; 0 when none starts so.
std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

/// Checks the form of the sequences, and the least and largest code points.
bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = sequence_length(first);
    if (length == 0 || length > text.size()) return false;
    const auto second = static_cast<unsigned char>(length > 1 ? text[1] : 0);
    const bool out_of_range = (first == 0xE0 && second < 0xA0) ||
                              (first == 0xED && second > 0x9F) ||
                              (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
    if (out_of_range || !std::ranges::all_of(text.substr(1, length - 1), continues)) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

std::string join_words(const std::vector<std::string>& words) {
  std::string joined;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) joined += i + 1 < words.size() ? ", " : " or ";
    joined += words[i];
  }
  return joined;
}

bool is_printable(std::string_view text) {
  return !text.empty() && is_utf8(text) && std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7f;
  });
}

Setting row(std::string key, ValueKind kind, std::string expected) {
  Setting setting;
  setting.key = std::move(key);
  setting.kind = kind;
  setting.expected = std::move(expected);
  setting.idle = [](const TrialSettings&, const ModelParts&) { return std::string(); };
  return setting;
}

}  // namespace normlab::settings_rows
