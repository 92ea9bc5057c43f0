#include "normlab/data/csv.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "normlab/base/error.h"
#include "normlab/data/limits.h"

namespace normlab {
namespace {

/// Takes text up to `end` from the front of `rest`, which loses it and the `end` behind it.
std::string_view take_until(std::string_view& rest, char end) {
  const std::size_t length = std::min(rest.find(end), rest.size());
  const std::string_view taken = rest.substr(0, length);
  rest.remove_prefix(std::min(length + 1, rest.size()));
  return taken;
}

std::optional<std::int64_t> integer(std::string_view field) {
  while (field.starts_with(' ')) field.remove_prefix(1);
  while (field.ends_with(' ')) field.remove_suffix(1);
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (failure != std::errc() || end != field.data() + field.size()) return std::nullopt;
  return value;
}

class CsvParser {
 public:
  CsvParser(std::string_view text, std::string_view source) : rest_(text), source_(source) {
    if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);  // a mark of UTF-8
  }

  CsvTable parse() {
    while (!rest_.empty()) {
      ++line_;
      std::string_view line = take_until(rest_, '\n');
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.empty() && rest_.empty()) break;
      if (columns_ == 0 && skip_names(line)) continue;
      parse_row(line);
    }
    if (labels_.empty()) fail("{}: holds no rows of numbers", source_);
    return {images_of_rows(static_cast<std::int32_t>(columns_ - 1), std::move(pixels_)),
            std::move(labels_)};
  }

 private:
  /// Whether the line is one of names.
  bool skip_names(std::string_view line) {
    std::string_view rest = line;
    std::string_view first = take_until(rest, ',');
    columns_ = static_cast<std::size_t>(std::ranges::count(line, ',')) + 1;
    if (columns_ < 2) {
      fail("{}: line {} has one column; expected a label and pixels with commas between them: '{}'",
           source_, line_, line.substr(0, 40));
    }
    if (integer(first)) return false;
    if (line_ > 1) return false;
    while (!rest.empty()) {
      std::string_view name = take_until(rest, ',');
      if (name.starts_with('"') && name.ends_with('"') && name.size() > 1)
        name = name.substr(1, name.size() - 2);
      if (name == "label" || name == "class" || name == "target") {
        fail("{}: its column '{}' is not the first; put the label in front of the pixels", source_,
             name);
      }
    }
    return true;
  }

  void parse_row(std::string_view line) {
    const std::size_t columns = static_cast<std::size_t>(std::ranges::count(line, ',')) + 1;
    if (columns != columns_) {
      fail("{}: line {} has {} columns, the first line {}: the file is damaged or cut short",
           source_, line_, columns, columns_);
    }
    const std::string_view first = take_until(line, ',');
    const auto label = integer(first);
    if (!label) fail_field(1, first, "the number of a class");
    labels_.push_back(checked_label(*label, labels_.size(), source_));
    for (std::size_t column = 2; column <= columns; ++column) {
      const std::string_view field = take_until(line, ',');
      const auto pixel = integer(field);
      if (!pixel || *pixel < 0 || *pixel > 255) fail_field(column, field, "a pixel, 0..255");
      pixels_.push_back(static_cast<std::uint8_t>(*pixel));
    }
  }

  [[noreturn]] void fail_field(std::size_t column, std::string_view field,
                               std::string_view expected) const {
    fail("{}: line {}, column {}: '{}' is not {}", source_, line_, column, field.substr(0, 40),
         expected);
  }

  std::string_view rest_;
  std::string_view source_;
  std::size_t line_ = 0;
  std::size_t columns_ = 0;
  ImageBytes pixels_;
  std::vector<Label> labels_;
};

}  // namespace

CsvTable parse_csv(std::span<const std::byte> bytes, std::string_view source) {
  if (bytes.size() > kMaxFileBytes) {
    fail("{}: more than the {} bytes that are read of a table", source, kMaxFileBytes);
  }
  return CsvParser({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, source).parse();
}

}  // namespace normlab
