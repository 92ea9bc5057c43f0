#include "normlab/data/glyph_strokes.h"

#include <cstdlib>
#include <stdexcept>

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(GlyphStrokes, EveryDigitHasSeveralShapesThatFillItsHeight) {
  for (int digit = 0; digit < kDigits; ++digit) {
    const auto& shapes = digit_shapes(digit);
    EXPECT_GE(shapes.size(), 3u) << digit;
    for (std::size_t s = 0; s < shapes.size(); ++s) {
      SCOPED_TRACE(testing::Message() << "shape " << s << " of " << digit);
      int top = 100;
      int bottom = -100;
      for (const Stroke& stroke : shapes[s]) {
        EXPECT_GE(stroke.size(), 2u);
        for (const StrokePoint& point : stroke) {
          EXPECT_LE(std::abs(point.x), 36);
          top = std::min<int>(top, point.y);
          bottom = std::max<int>(bottom, point.y);
        }
      }
      EXPECT_GE(top, -50);
      EXPECT_LE(top, -40);
      EXPECT_LE(bottom, 50);
      EXPECT_GE(bottom, 40);
    }
  }
}

TEST(GlyphStrokes, OnlyTenDigits) {
  EXPECT_THROW(digit_shapes(10), std::out_of_range);
  EXPECT_THROW(digit_shapes(-1), std::out_of_range);
}

}  // namespace
}  // namespace normlab
