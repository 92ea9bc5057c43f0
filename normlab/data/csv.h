#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "normlab/data/image_array.h"

namespace normlab {

struct CsvTable {
  ImageArray images;  ///< rows of a square number of pixels are squares, others one line
  std::vector<Label> labels;
};

/// A table of images, comma-separated: the label, then the pixels 0..255, row by row; with or
/// without a line of names on top. Line ends as Unix or Windows write them, the last may be
/// missing. Throws RequestError, naming `source` and the line, for anything else.
CsvTable parse_csv(std::span<const std::byte> bytes, std::string_view source);

}  // namespace normlab
