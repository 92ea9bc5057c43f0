#pragma once

#include <cstdint>
#include <span>

#include "normlab/base/philox.h"

namespace normlab {

/// Writes `digit` (0..9) into the kGlyphPixels bytes of `pixels`, row by row, ink bright on black.
/// Shape, hand, pen and paper are drawn from `random`: one way of writing the digit, shaken control
/// points, a smooth distortion, scale, shear, rotation, translation, stroke width, contrast, a gap,
/// a stray line, grain. Uses only operations that IEEE 754 rounds exactly: the same `random` gives
/// the same bytes on every machine.
void write_glyph(int digit, Philox random, std::span<std::uint8_t> pixels);

}  // namespace normlab
