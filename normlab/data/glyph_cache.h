#pragma once

#include <filesystem>
#include <string_view>

#include "normlab/data/dataset.h"

namespace normlab {

/// One file that keeps the images and labels of a drawn data set: `title`, a space, the SHA-256 of
/// the content (Dataset::sha256), a line feed, then train pixels, train labels, test pixels and
/// test labels. A cache never causes an error: what cannot be read is drawn, what cannot be written
/// is drawn again next time.

/// Fills the images and labels of `data`, whose vectors have the expected sizes, and its sha256.
/// False, with unspecified content, unless the file has this title, the right length and the
/// content that its hash tells of.
bool read_glyph_cache(const std::filesystem::path& file, std::string_view title, Dataset& data);

/// Writes the file, and the folders above it where they are missing, so that it is there wholly or
/// not at all. Safe against others who write the same file. `data.sha256` must be right.
void write_glyph_cache(const std::filesystem::path& file, std::string_view title,
                       const Dataset& data);

}  // namespace normlab
