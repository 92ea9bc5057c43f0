#pragma once

#include <cstdint>
#include <limits>
#include <string>

/// Numbers of settings as text; base/parse_number.h reads them.
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

/// A share or an accuracy.
inline constexpr NumberRange kShareRange{.low = 0, .high = 1};

/// Whole numbers from `low` to `high`, both included.
struct WholeRange {
  std::int64_t low = 0;
  std::int64_t high = 0;

  bool contains(std::int64_t value) const { return value >= low && value <= high; }
  std::string describe() const;
};

/// The shortest text that parse_number() reads back to the same bits: "0.001", "1e-5".
std::string format_number(double value);

}  // namespace normlab
