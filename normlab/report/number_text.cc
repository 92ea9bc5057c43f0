#include "normlab/report/number_text.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace normlab {

int justified_decimals(double uncertainty, int otherwise) {
  constexpr int kMost = 8;
  constexpr double kRoundsToZero = 0.5e-8;
  if (!(uncertainty >= kRoundsToZero) || !std::isfinite(uncertainty)) return otherwise;
  const double decimals = 1 - std::floor(std::log10(uncertainty));
  return static_cast<int>(std::clamp(decimals, 0.0, static_cast<double>(kMost)));
}

std::string fixed(double value, int decimals) {
  // Losses of networks that are about to diverge have no use for thirty digits.
  constexpr double kWritable = 1e9;
  if (std::abs(value) >= kWritable) return fmt::format("{:.3g}", value);
  std::string text = fmt::format("{:.{}f}", value, decimals);
  const bool zero = text.find_first_of("123456789") == std::string::npos;
  if (zero && text.front() == '-' && std::isfinite(value)) text.erase(0, 1);
  return text;
}

std::string plain_text(const std::optional<double>& value, const Display& display) {
  return value ? fixed(*value * display.scale, display.decimals) : kNoValue;
}

std::string grouped(std::int64_t count) {
  std::string text = fmt::format("{}", count);
  const std::ptrdiff_t first = count < 0 ? 1 : 0;
  for (auto position = static_cast<std::ptrdiff_t>(text.size()) - 3; position > first;
       position -= 3) {
    text.insert(static_cast<std::size_t>(position), 1, ',');
  }
  return text;
}

}  // namespace normlab
