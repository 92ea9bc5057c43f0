#pragma once

#include <cstdint>
#include <vector>

namespace normlab {

/// How a stroke passes through a point.
enum class Joint : std::uint8_t { smooth, corner };

/// A control point in hundredths of the digit's height, x to the right, y downwards, (0, 0) the
/// digit's middle.
struct StrokePoint {
  std::int8_t x = 0;
  std::int8_t y = 0;
  Joint joint = Joint::smooth;
};

/// What the pen draws between touching the paper and leaving it.
using Stroke = std::vector<StrokePoint>;

/// One way of writing a digit.
using DigitShape = std::vector<Stroke>;

inline constexpr int kDigits = 10;

/// The ways of writing `digit` (0..9) that the data set `glyphs` knows, at least two each. Our own
/// design. Safe to call from any thread.
const std::vector<DigitShape>& digit_shapes(int digit);

}  // namespace normlab
