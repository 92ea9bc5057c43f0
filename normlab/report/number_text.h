#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "normlab/train/quantity.h"

namespace normlab {

inline constexpr const char* kNoValue = "–";

/// Digits after the point that an uncertainty (a standard deviation, half an interval) of this size
/// justifies: as many as give it two significant digits, at most 8. `otherwise` when it is not
/// finite or so small that 8 digits show none of it, as the rounding errors of equal values are.
int justified_decimals(double uncertainty, int otherwise);

/// `value` with so many digits after the point; never "-0". From a billion on three digits and the
/// power of ten, "4.06e+16".
std::string fixed(double value, int decimals);

/// A value as tables have it, its unit over the column; an n dash when there is none.
std::string plain_text(const std::optional<double>& value, const Display& display);

/// With commas: 48,000.
std::string grouped(std::int64_t count);

}  // namespace normlab
