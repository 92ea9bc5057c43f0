#include "normlab/data/glyph_raster.h"

#include <numeric>

#include <gmock/gmock.h>

namespace normlab {
namespace {

using testing::Each;

float at(GlyphCanvas& canvas, int row, int column) {
  const int index = row * kGlyphSide + column;
  return canvas.ink()[static_cast<std::size_t>(index)];
}

float total(GlyphCanvas& canvas) {
  return std::accumulate(canvas.ink().begin(), canvas.ink().end(), 0.0f);
}

TEST(GlyphRaster, StartsBlank) {
  GlyphCanvas canvas;
  EXPECT_EQ(canvas.ink().size(), 784u);
  EXPECT_THAT(canvas.ink(), Each(0.0f));
}

// Numbers are dyadic, so every coverage below is exact.
TEST(GlyphRaster, LineHasItsWidthAndSoftEdges) {
  GlyphCanvas canvas;
  // Full up to 0 from its middle, none from 2 on.
  canvas.draw_line({8.5f, 10.5f}, {16.5f, 10.5f}, 1, 1, 2);
  EXPECT_EQ(at(canvas, 10, 12), 1);
  EXPECT_EQ(at(canvas, 9, 12), 0.5f);
  EXPECT_EQ(at(canvas, 11, 12), 0.5f);
  EXPECT_EQ(at(canvas, 8, 12), 0);
  EXPECT_EQ(at(canvas, 12, 12), 0);
  EXPECT_EQ(at(canvas, 10, 7), 0.5f) << "the round end";
  EXPECT_EQ(at(canvas, 10, 17), 0.5f) << "the round end";
  EXPECT_FLOAT_EQ(total(canvas), 9 + 2 * 9 * 0.5f + 2 * 0.5f + 4 * at(canvas, 9, 7));
}

TEST(GlyphRaster, RadiusGoesFromOneEndToTheOther) {
  GlyphCanvas canvas;
  canvas.draw_line({4.5f, 14.5f}, {20.5f, 14.5f}, 0, 4, 1);
  EXPECT_EQ(at(canvas, 14, 4), 0.5f);
  EXPECT_EQ(at(canvas, 12, 12), 0.5f) << "half way the radius is 2";
  EXPECT_EQ(at(canvas, 11, 12), 0);
  EXPECT_EQ(at(canvas, 13, 12), 1);
  EXPECT_EQ(at(canvas, 10, 20), 0.5f);
}

TEST(GlyphRaster, CrossingLinesDoNotAddUp) {
  GlyphCanvas once;
  once.draw_line({5, 5}, {20, 17}, 1, 2, 1.5f);
  GlyphCanvas twice = once;
  twice.draw_line({5, 5}, {20, 17}, 1, 2, 1.5f);
  EXPECT_EQ(total(once), total(twice));
}

TEST(GlyphRaster, LineOfNoLengthIsADisc) {
  GlyphCanvas canvas;
  canvas.draw_line({10.5f, 10.5f}, {10.5f, 10.5f}, 2, 2, 1);
  EXPECT_EQ(at(canvas, 10, 10), 1);
  EXPECT_EQ(at(canvas, 12, 10), 0.5f);
  EXPECT_EQ(at(canvas, 10, 8), 0.5f);
  EXPECT_EQ(at(canvas, 10, 13), 0);
}

TEST(GlyphRaster, WhatLiesOutsideIsLost) {
  GlyphCanvas canvas;
  canvas.draw_line({-50, -50}, {-10, 90}, 3, 3, 1);
  canvas.draw_line({1e9f, 14}, {2e9f, 14}, 3, 3, 1);
  EXPECT_EQ(total(canvas), 0);
  canvas.draw_line({-18, 14.5f}, {46, 14.5f}, 0.5f, 0.5f, 1);
  EXPECT_EQ(total(canvas), 28);
}

TEST(GlyphRaster, DiscIsErased) {
  GlyphCanvas canvas;
  canvas.draw_line({0, 14.5f}, {28, 14.5f}, 4, 4, 1);
  canvas.erase_disc({10.5f, 14.5f}, 2, 1);
  EXPECT_EQ(at(canvas, 14, 10), 0);
  EXPECT_EQ(at(canvas, 14, 12), 0.5f);
  EXPECT_EQ(at(canvas, 14, 13), 1);
  EXPECT_EQ(at(canvas, 12, 10), 0.5f);
}

}  // namespace
}  // namespace normlab
