#include "normlab/lab/grid_values.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "normlab/base/error.h"
#include "normlab/base/parse_number.h"
#include "normlab/lab/grid.h"
#include "normlab/lab/setting_value.h"

namespace normlab {
namespace {

/// Spaces alone: a tab or a line end in a value is a slip.
std::string_view without_spaces(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

using Values = std::vector<std::string>;

constexpr std::string_view kBrackets = "[({";

enum class Spacing { lin, log };

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t comma = 0; comma != std::string_view::npos;) {
    comma = text.find(',');
    parts.push_back(without_spaces(text.substr(0, comma)));
    if (comma != std::string_view::npos) text.remove_prefix(comma + 1);
  }
  return parts;
}

/// Reads the values of one setting from left to right.
class Reader {
 public:
  Reader(const Setting& setting, std::string_view text)
      : setting_(setting), text_(text), rest_(text) {}

  Values read() {
    Values values;
    do {
      Values item = read_item();
      if (is_numeric() && has_leading_zero(item.front())) fail_at_zero(values, item.front());
      std::ranges::move(item, std::back_inserter(values));
      if (values.size() > kMostTrials) fail_here("more than {} values", kMostTrials);
    } while (take_comma());
    return values;
  }

 private:
  Values read_item() {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    if (rest_.starts_with('"')) return {read_quoted()};
    if (is_numeric()) {
      if (rest_.starts_with("log(")) return read_spaced(Spacing::log);
      if (rest_.starts_with("lin(")) return read_spaced(Spacing::lin);
    }
    const std::string_view word = without_spaces(rest_.substr(0, rest_.find(',')));
    rest_.remove_prefix(std::min(rest_.size(), rest_.find(',')));
    if (word.empty()) fail_here("a value is missing");
    if (is_numeric() && kBrackets.find(word.front()) != std::string_view::npos)
      fail_here("a list is written without brackets, 1,2,3");
    const std::size_t dots = word.find("..");
    if (setting_.kind == ValueKind::whole && dots != std::string_view::npos) {
      return read_range(word.substr(0, dots), word.substr(dots + 2));
    }
    if (is_numeric() && dots != std::string_view::npos)
      fail_here(
          "a range is for whole numbers; lin(FIRST,LAST,COUNT) and log(FIRST,LAST,COUNT) "
          "space others");
    return {std::string(word)};
  }

  std::string read_quoted() {
    const std::size_t end = rest_.find('"', 1);
    if (end == std::string_view::npos) fail_here("the closing double quote is missing");
    std::string value(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return value;
  }

  Values read_range(std::string_view first_text, std::string_view last_text) const {
    const auto first = parse_whole(first_text);
    const auto last = parse_whole(last_text);
    if (!first || !last || *first > *last) {
      fail_here("a range is two whole numbers in ascending order, 1..5");
    }
    const auto distance = static_cast<std::uint64_t>(*last) - static_cast<std::uint64_t>(*first);
    if (distance >= kMostTrials) fail_here("more than {} values", kMostTrials);
    Values values;
    for (std::uint64_t i = 0; i <= distance; ++i) {
      values.push_back(fmt::format("{}", *first + static_cast<std::int64_t>(i)));
    }
    return values;
  }

  Values read_spaced(Spacing spacing) {
    rest_.remove_prefix(4);
    const std::size_t close = rest_.find(')');
    if (close == std::string_view::npos) fail_here("the closing parenthesis is missing");
    const std::vector<std::string_view> numbers = split(rest_.substr(0, close));
    rest_.remove_prefix(close + 1);
    const bool three = numbers.size() == 3;
    const auto first = three ? parse_number(numbers[0]) : std::nullopt;
    const auto last = three ? parse_number(numbers[1]) : std::nullopt;
    const auto count = three ? parse_whole(numbers[2]) : std::nullopt;
    if (!first || !last || !count || *count < 2) {
      fail_here("expected {}(FIRST,LAST,COUNT): two numbers and how many values, 2 or more",
                spacing == Spacing::log ? "log" : "lin");
    }
    if (spacing == Spacing::log && (*first <= 0 || *last <= 0)) {
      fail_here("log() needs numbers above 0");
    }
    if (static_cast<std::uint64_t>(*count) > kMostTrials) {
      fail_here("more than {} values", kMostTrials);
    }
    return space(*first, *last, *count, spacing);
  }

  Values space(double first, double last, std::int64_t count, Spacing spacing) const {
    Values values = {format_number(first)};
    for (std::int64_t i = 1; i + 1 < count; ++i) {
      const double t = static_cast<double>(i) / static_cast<double>(count - 1);
      const double value =
          spacing == Spacing::log ? first * std::pow(last / first, t) : first + (last - first) * t;
      if (!std::isfinite(value)) fail_here("the numbers are too far apart");
      values.push_back(round(value));
    }
    values.push_back(format_number(last));
    return values;
  }

  /// Rounding also hides how the last bit of pow() differs between machines.
  std::string round(double value) const {
    if (setting_.kind == ValueKind::whole) return fmt::format("{:.0f}", value);
    return format_number(*parse_number(fmt::format("{:.5e}", value)));
  }

  /// "0,0005": whoever writes so means 0.0005, and would get 0 and 5.
  [[noreturn]] void fail_at_zero(const Values& before, const std::string& value) const {
    if (before.empty()) fail_here("{}", leading_zero_advice(value));
    fail_here(
        "'{}' begins with a zero: a comma separates values, and a decimal point is written {}.{}",
        value, before.back(), value);
  }

  bool take_comma() {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    if (rest_.empty()) return false;
    if (!rest_.starts_with(',')) fail_here("expected a comma before '{}'", rest_);
    rest_.remove_prefix(1);
    return true;
  }

  bool is_numeric() const {
    return setting_.kind == ValueKind::number || setting_.kind == ValueKind::whole;
  }

  template <class... Args>
  [[noreturn]] void fail_here(fmt::format_string<Args...> format, Args&&... args) const {
    fail("{}={}: {}", setting_.key, text_, fmt::format(format, std::forward<Args>(args)...));
  }

  const Setting& setting_;
  std::string_view text_;
  std::string_view rest_;
};

}  // namespace

std::vector<std::string> expand_values(const Setting& setting, std::string_view text) {
  return Reader(setting, text).read();
}

}  // namespace normlab
