#pragma once

#include <cstdint>

#include "normlab/lab/setting_value.h"

/// What numbers a setting takes.
namespace normlab::ranges {

/// Beyond these, and below the last, float arithmetic has no use for a number.
inline constexpr double kLarge = 1e6;
inline constexpr double kTiny = 1e-30;
inline constexpr std::int64_t kMany = 1'000'000;
/// The largest integer that JSON readers keep exactly.
inline constexpr std::int64_t kLargestSeed = 9'007'199'254'740'991;

inline constexpr NumberRange kPositive{.low = 0, .high = kLarge, .low_included = false};
inline constexpr NumberRange kNotNegative{.low = 0, .high = kLarge};
inline constexpr NumberRange kEpsilon{.low = kTiny, .high = kLarge};
inline constexpr NumberRange kShare{.low = 0, .high = 1, .high_included = false};
inline constexpr NumberRange kOpenShare{
    .low = 0, .high = 1, .low_included = false, .high_included = false};

}  // namespace normlab::ranges
