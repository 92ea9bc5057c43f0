#include "normlab/data/glyph_pen.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "normlab/data/glyph_raster.h"
#include "normlab/data/glyph_strokes.h"

namespace normlab {
namespace {

// How much one written digit differs from the next. Chosen so that a person reads nearly all of
// them while a linear classifier stays below 90 % and a small multilayer perceptron below 99 %.
// Lengths are in heights of the digit unless they are called pixels; "deviation" is that of `bell`.
constexpr float kDigitPixels = 19;
constexpr float kSizeDeviation = 0.09f;
constexpr float kAspectDeviation = 0.13f;
constexpr float kShearDeviation = 0.16f;
constexpr float kHalfTurnDeviation = 0.065f;  // of the tangent of half the angle: 7.4 degrees
constexpr float kShiftPixelsDeviation = 1.1f;
constexpr float kShakeDeviation = 0.028f;
constexpr float kWarpDeviation = 0.06f;
constexpr float kGapChance = 0.25f;
constexpr float kStrayLineChance = 0.25f;

constexpr int kSegmentsPerSpan = 6;

float between(Philox& random, float low, float high) {
  return low + (high - low) * random.uniform();
}

/// A bell-shaped number of mean 0, never beyond 3.47 deviations: the sum of four uniform ones
/// (their standard deviation is 1 / sqrt(3)). Unlike Philox::normal it needs no logarithm, which
/// differs between mathematical libraries.
float bell(Philox& random, float deviation) {
  const float first = random.uniform() + random.uniform();
  const float second = random.uniform() + random.uniform();
  return (first + second - 2) * 1.7320508f * deviation;
}

Point bell_point(Philox& random, float deviation) {
  const float x = bell(random, deviation);
  return {x, bell(random, deviation)};
}

Point operator+(Point a, Point b) {
  return {a.x + b.x, a.y + b.y};
}
Point operator-(Point a, Point b) {
  return {a.x - b.x, a.y - b.y};
}
Point operator*(float factor, Point a) {
  return {factor * a.x, factor * a.y};
}

/// A smooth random displacement of the plane: a quadratic B-spline over a grid that covers the
/// digit and its surroundings.
class Warp {
 public:
  explicit Warp(Philox& random) {
    for (Point& node : nodes_) node = bell_point(random, kWarpDeviation);
  }

  Point operator()(Point place) const {
    const Cell column = cell_of(place.x);
    const Cell row = cell_of(place.y);
    Point moved = place;
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) {
        const int node = (row.index + i) * kNodes + column.index + j;
        moved = moved + (row.weights[static_cast<std::size_t>(i)] *
                         column.weights[static_cast<std::size_t>(j)]) *
                            nodes_[static_cast<std::size_t>(node)];
      }
    }
    return moved;
  }

 private:
  static constexpr int kCells = 3;
  static constexpr int kNodes = kCells + 2;
  static constexpr float kReach = 0.6f;

  struct Cell {
    int index = 0;
    std::array<float, 3> weights{};
  };

  static Cell cell_of(float coordinate) {
    const float position =
        std::clamp((coordinate + kReach) * (kCells / (2 * kReach)), 0.0f, float{kCells});
    const int index = std::min(static_cast<int>(position), kCells - 1);
    const float t = position - static_cast<float>(index);
    return {index, {0.5f * (1 - t) * (1 - t), 0.5f + t * (1 - t), 0.5f * t * t}};
  }

  std::array<Point, kNodes * kNodes> nodes_;
};

/// From the digit's plane to the canvas: scale, shear, rotation, translation.
class Placement {
 public:
  explicit Placement(Philox& random) {
    const float height = kDigitPixels * (1 + bell(random, kSizeDeviation));
    const float width = height * (1 + bell(random, kAspectDeviation));
    const float shear = bell(random, kShearDeviation);
    // The rational parametrisation of the circle: no sine, no cosine.
    const float half_turn = bell(random, kHalfTurnDeviation);
    const float inverse = 1 / (1 + half_turn * half_turn);
    const float cosine = (1 - half_turn * half_turn) * inverse;
    const float sine = 2 * half_turn * inverse;
    x_axis_ = {width * cosine, width * sine};
    y_axis_ = {-height * (sine + shear * cosine), height * (cosine - shear * sine)};
    middle_ =
        Point{kGlyphSide / 2.0f, kGlyphSide / 2.0f} + bell_point(random, kShiftPixelsDeviation);
  }

  Point operator()(Point place) const { return middle_ + (place.x * x_axis_ + place.y * y_axis_); }

 private:
  Point x_axis_;
  Point y_axis_;
  Point middle_;
};

struct Pen {
  explicit Pen(Philox& random)
      : radius(between(random, 0.75f, 1.75f)),
        pressure(between(random, -0.3f, 0.3f)),
        softness(between(random, 0.8f, 1.8f)) {}

  float radius;    ///< in pixels, in the middle of a stroke
  float pressure;  ///< by which part the radius grows towards the end and shrinks towards the start
  float softness;  ///< in pixels
};

/// The control points of a stroke with the hand's unsteadiness added.
std::vector<Point> shaken(const Stroke& stroke, Philox& random) {
  std::vector<Point> points;
  points.reserve(stroke.size());
  for (const StrokePoint& point : stroke) {
    const Point place = {0.01f * static_cast<float>(point.x), 0.01f * static_cast<float>(point.y)};
    points.push_back(place + bell_point(random, kShakeDeviation));
  }
  return points;
}

/// A stroke as a curve through its points: a Catmull-Rom spline that is broken at corners.
class StrokeCurve {
 public:
  StrokeCurve(const Stroke& stroke, Philox& random)
      : stroke_(stroke), points_(shaken(stroke, random)) {}

  std::size_t spans() const { return points_.size() - 1; }

  /// The place at `t` (0..1) between control points `span` and `span + 1`: Hermite's cubic.
  Point at(std::size_t span, float t) const {
    const Point chord = points_[span + 1] - points_[span];
    const Point leave = tangent(span, chord);
    const Point arrive = tangent(span + 1, chord);
    const float s = 1 - t;
    return points_[span] +
           ((t * t * (3 - 2 * t)) * chord + (t * s * s) * leave - (t * t * s) * arrive);
  }

 private:
  Point tangent(std::size_t index, Point chord) const {
    const bool inner = index > 0 && index + 1 < points_.size();
    if (!inner || stroke_[index].joint == Joint::corner) return chord;
    return 0.5f * (points_[index + 1] - points_[index - 1]);
  }

  const Stroke& stroke_;
  std::vector<Point> points_;
};

template <class Map>
void draw_stroke(GlyphCanvas& canvas, const StrokeCurve& curve, const Pen& pen, const Map& map) {
  const float steps = static_cast<float>(curve.spans() * kSegmentsPerSpan);
  const auto radius_at = [&](int step) {
    return pen.radius * (1 + pen.pressure * (2 * static_cast<float>(step) / steps - 1));
  };
  int step = 0;
  Point from = map(curve.at(0, 0));
  for (std::size_t span = 0; span < curve.spans(); ++span) {
    for (int i = 1; i <= kSegmentsPerSpan; ++i, ++step) {
      const Point to = map(curve.at(span, static_cast<float>(i) / kSegmentsPerSpan));
      canvas.draw_line(from, to, radius_at(step), radius_at(step + 1), pen.softness);
      from = to;
    }
  }
}

Point anywhere(Philox& random, float margin) {
  const float x = between(random, margin, kGlyphSide - margin);
  return {x, between(random, margin, kGlyphSide - margin)};
}

void draw_digit(GlyphCanvas& canvas, int digit, const Pen& pen, Philox& random) {
  const auto& shapes = digit_shapes(digit);
  const DigitShape& shape = shapes[random.below(static_cast<std::uint32_t>(shapes.size()))];
  const Warp warp(random);
  const Placement placement(random);
  const auto map = [&](Point place) { return placement(warp(place)); };
  for (const Stroke& stroke : shape) draw_stroke(canvas, StrokeCurve(stroke, random), pen, map);
}

/// A gap in the ink and a line that does not belong to the digit, each now and then.
void add_blemishes(GlyphCanvas& canvas, const Pen& pen, Philox& random) {
  if (random.uniform() < kGapChance) {
    const Point middle = anywhere(random, 6);
    canvas.erase_disc(middle, between(random, 1, 2), pen.softness);
  }
  if (random.uniform() < kStrayLineChance) {
    const Point from = anywhere(random, 2);
    const Point to = from + bell_point(random, 3);
    canvas.draw_line(from, to, 0.6f * pen.radius, 0.6f * pen.radius, pen.softness);
  }
}

/// Ink to bytes: contrast and the paper's grain in the ink. Blank paper stays 0: weak noise on
/// every pixel, tried first, cost the multilayer perceptron with batch norm about three points of
/// validation accuracy, and that without it none.
void develop(std::span<const float> ink, Philox& random, std::span<std::uint8_t> pixels) {
  const float contrast = between(random, 0.6f, 1.0f);
  const float grain = between(random, 0.0f, 0.25f);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const float value = ink[i] * contrast * (1 - grain * random.uniform());
    const float level = value * 255 + 0.5f;  // never negative: cutting off the fraction rounds
    pixels[i] = static_cast<std::uint8_t>(level);
  }
}

}  // namespace

void write_glyph(int digit, Philox random, std::span<std::uint8_t> pixels) {
  GlyphCanvas canvas;
  const Pen pen(random);
  draw_digit(canvas, digit, pen, random);
  add_blemishes(canvas, pen, random);
  develop(canvas.ink(), random, pixels);
}

}  // namespace normlab
