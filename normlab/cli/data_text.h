#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "normlab/data/dataset.h"
#include "normlab/data/known_sets.h"
#include "normlab/data/verify.h"

/// The texts that `normlab data` prints, each with its line ends.
namespace normlab {

/// "9.9 MB".
std::string bytes_text(std::uint64_t bytes);

/// One line for `glyphs` and each known set: its name, the size of its download, where it is, what
/// it is.
std::string data_list_text();

/// Shape, counts, hash, moments of the pixels, and the images of each class.
std::string data_info_text(const Dataset& data);

/// One line for each file: OK, BAD or unknown, its SHA-256, why it is bad.
std::string data_verify_text(std::span<const FileCheck> checks);

}  // namespace normlab
