#include "normlab/report/html/json_value.h"

#include <array>
#include <charconv>
#include <cmath>

namespace normlab {

Json exact(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
Json exact(const std::optional<double>& value) {
  return value ? exact(*value) : Json(nullptr);
}

Json drawn(double value) {
  constexpr int kDigits = 6;
  if (!std::isfinite(value)) return nullptr;
  // Whole numbers are written without a point.
  if (value == std::floor(value) && std::abs(value) < 1e15) {
    return static_cast<std::int64_t>(value);
  }
  std::array<char, 32> text = {};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::general, kDigits);
  double rounded = 0;
  std::from_chars(text.data(), end.ptr, rounded);
  return rounded;
}
Json drawn(const std::optional<double>& value) {
  return value ? drawn(*value) : Json(nullptr);
}

}  // namespace normlab
