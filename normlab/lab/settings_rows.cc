#include "normlab/lab/settings_rows.h"

#include <algorithm>

namespace normlab::settings_rows {

std::string join_words(const std::vector<std::string>& words) {
  std::string joined;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) joined += i + 1 < words.size() ? ", " : " or ";
    joined += words[i];
  }
  return joined;
}

bool is_printable(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7f;
  });
}

Setting row(std::string key, ValueKind kind, std::string expected, std::string help) {
  Setting setting;
  setting.key = std::move(key);
  setting.kind = kind;
  setting.expected = std::move(expected);
  setting.help = std::move(help);
  setting.idle = [](const TrialSettings&) { return std::string(); };
  return setting;
}

}  // namespace normlab::settings_rows
