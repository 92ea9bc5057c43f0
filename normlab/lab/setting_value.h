#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

/// Numbers of settings as text. What `format_number` writes, `parse_number` reads back to the same
/// bits.
namespace normlab {

/// Real numbers between two bounds. Never contains an infinity or NaN.
struct NumberRange {
  double low = -std::numeric_limits<double>::max();
  double high = std::numeric_limits<double>::max();
  bool low_included = true;
  bool high_included = true;

  bool contains(double value) const;
  /// "a number above 0 and at most 1", made to follow "expected".
  std::string describe() const;
};

/// Whole numbers from `low` to `high`, both included.
struct WholeRange {
  std::int64_t low = 0;
  std::int64_t high = 0;

  bool contains(std::int64_t value) const { return value >= low && value <= high; }
  std::string describe() const;
};

/// The whole text as one finite decimal number ("0.1", "1e-5"); empty when it is anything else.
std::optional<double> parse_number(std::string_view text);

/// The whole text as one decimal integer; empty when it is anything else or does not fit.
std::optional<std::int64_t> parse_whole(std::string_view text);

/// The shortest text that reads back to the same bits: "0.001", "1e-5".
std::string format_number(double value);

}  // namespace normlab
