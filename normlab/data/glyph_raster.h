#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace normlab {

inline constexpr std::int32_t kGlyphSide = 28;
inline constexpr std::int32_t kGlyphPixels = kGlyphSide * kGlyphSide;

/// A place on the canvas in pixels; pixel (row, column) has its middle at x = column + 0.5, y = row
/// + 0.5.
struct Point {
  float x = 0;
  float y = 0;
};

/// A square of paper on which a round pen leaves ink: 0 is blank, 1 is fully covered. Uses nothing
/// but the operations that IEEE 754 rounds exactly (no functions of libm), so the same calls give
/// the same bits on every machine.
class GlyphCanvas {
 public:
  /// Draws a line whose half-width goes from `from_radius` to `to_radius` pixels; its edge fades
  /// over `softness` (> 0) pixels. Ink does not add up where lines cross. What lies outside the
  /// canvas is lost.
  void draw_line(Point from, Point to, float from_radius, float to_radius, float softness);

  /// Removes the ink within `radius` of `middle`, with the same soft edge.
  void erase_disc(Point middle, float radius, float softness);

  /// kGlyphPixels values in [0, 1], row by row.
  std::span<float> ink() { return ink_; }

 private:
  std::array<float, kGlyphPixels> ink_{};
};

}  // namespace normlab
