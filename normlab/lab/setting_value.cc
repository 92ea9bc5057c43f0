#include "normlab/lab/setting_value.h"

#include <charconv>
#include <cmath>
#include <system_error>

#include <fmt/format.h>

namespace normlab {
namespace {

template <class T>
std::optional<T> parse_all(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool NumberRange::contains(double value) const {
  const bool above = low_included ? value >= low : value > low;
  const bool below = high_included ? value <= high : value < high;
  return std::isfinite(value) && above && below;
}

std::string NumberRange::describe() const {
  return fmt::format("a number {} {} and {} {}", low_included ? "of at least" : "above",
                     format_number(low), high_included ? "at most" : "below", format_number(high));
}

std::string WholeRange::describe() const {
  return fmt::format("a whole number from {} to {}", low, high);
}

std::optional<double> parse_number(std::string_view text) {
  const auto value = parse_all<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  return parse_all<std::int64_t>(text);
}

std::string format_number(double value) {
  std::string text = fmt::format("{}", value);
  // fmt pads exponents to two digits; people write 1e-5.
  if (const std::size_t e = text.find('e');
      e != std::string::npos && e + 2 < text.size() && text[e + 2] == '0' && e + 3 < text.size()) {
    text.erase(e + 2, 1);
  }
  return text;
}

}  // namespace normlab
