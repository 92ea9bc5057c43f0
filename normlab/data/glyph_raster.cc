#include "normlab/data/glyph_raster.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace normlab {
namespace {

/// Rows or columns [first, last) of the canvas.
struct PixelRange {
  int first = 0;
  int last = 0;
};

/// The pixels between two coordinates, `margin` more on either side.
PixelRange pixels_between(float a, float b, float margin) {
  const auto clip = [](float position) {
    return static_cast<int>(std::clamp(position, 0.0f, static_cast<float>(kGlyphSide)));
  };
  return {clip(std::min(a, b) - margin), clip(std::max(a, b) + margin + 1)};
}

/// The nearest point of a line to a pixel: how far away, and where between the two ends (0..1).
struct Nearest {
  float distance = 0;
  float position = 0;
};

class Line {
 public:
  Line(Point from, Point to) : from_(from), along_{to.x - from.x, to.y - from.y} {
    const float squared_length = along_.x * along_.x + along_.y * along_.y;
    inverse_ = squared_length > 0 ? 1 / squared_length : 0;
  }

  Nearest nearest_to(Point pixel) const {
    const Point offset = {pixel.x - from_.x, pixel.y - from_.y};
    const float position =
        std::clamp((offset.x * along_.x + offset.y * along_.y) * inverse_, 0.0f, 1.0f);
    const float dx = offset.x - position * along_.x;
    const float dy = offset.y - position * along_.y;
    return {std::sqrt(dx * dx + dy * dy), position};
  }

 private:
  Point from_;
  Point along_;
  float inverse_ = 0;
};

float coverage(float radius, float distance, float inverse_softness) {
  return std::clamp((radius - distance) * inverse_softness + 0.5f, 0.0f, 1.0f);
}

/// Calls `visit(pixel index, pixel's middle)` for all pixels of a rectangle.
template <class Visit>
void for_each_pixel(PixelRange rows, PixelRange columns, Visit&& visit) {
  for (int row = rows.first; row < rows.last; ++row) {
    for (int column = columns.first; column < columns.last; ++column) {
      const int index = row * kGlyphSide + column;
      visit(static_cast<std::size_t>(index),
            Point{static_cast<float>(column) + 0.5f, static_cast<float>(row) + 0.5f});
    }
  }
}

}  // namespace

void GlyphCanvas::draw_line(Point from, Point to, float from_radius, float to_radius,
                            float softness) {
  const Line line(from, to);
  const float inverse_softness = 1 / softness;
  const float margin = std::max(from_radius, to_radius) + softness;
  for_each_pixel(pixels_between(from.y, to.y, margin), pixels_between(from.x, to.x, margin),
                 [&](std::size_t index, Point pixel) {
                   const Nearest nearest = line.nearest_to(pixel);
                   const float radius = from_radius + nearest.position * (to_radius - from_radius);
                   ink_[index] =
                       std::max(ink_[index], coverage(radius, nearest.distance, inverse_softness));
                 });
}

void GlyphCanvas::erase_disc(Point middle, float radius, float softness) {
  const Line point(middle, middle);
  const float margin = radius + softness;
  for_each_pixel(pixels_between(middle.y, middle.y, margin),
                 pixels_between(middle.x, middle.x, margin), [&](std::size_t index, Point pixel) {
                   const float distance = point.nearest_to(pixel).distance;
                   ink_[index] =
                       std::min(ink_[index], 1 - coverage(radius, distance, 1 / softness));
                 });
}

}  // namespace normlab
