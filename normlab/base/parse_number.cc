#include "normlab/base/parse_number.h"

#include <charconv>
#include <cmath>
#include <system_error>

namespace normlab {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view without_minus(std::string_view text) {
  return text.starts_with('-') ? text.substr(1) : text;
}

template <class T>
std::optional<T> parse_all(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return has_leading_zero(text) ? std::nullopt : std::optional(value);
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  const auto value = parse_all<double>(text);
  if (!value || !std::isfinite(*value)) return std::nullopt;
  return *value == 0 ? 0.0 : *value;
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  return parse_all<std::int64_t>(text);
}

bool has_leading_zero(std::string_view text) {
  const std::string_view digits = without_minus(text);
  return digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]);
}

std::string leading_zero_advice(std::string_view text) {
  if (!has_leading_zero(text)) return "";
  std::string_view digits = without_minus(text);
  while (has_leading_zero(digits)) digits.remove_prefix(1);
  return "'" + std::string(text) + "' begins with a zero: write " +
         (text.starts_with('-') ? "-" : "") + std::string(digits);
}

}  // namespace normlab
