#include "normlab/lab/setting_value.h"

#include <cmath>

#include <fmt/format.h>

namespace normlab {
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
