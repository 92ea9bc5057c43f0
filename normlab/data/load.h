#pragma once

#include <string>

#include "normlab/data/dataset.h"

namespace normlab {

/// Reads the data set `name_or_path` (locate.h says where it is looked for, layout.h what is
/// recognised there), or draws `glyphs`. Throws RequestError when it is not found or damaged, with
/// what to do.
///
/// CIFAR and the known sets have their published classes; an IDX folder of another name has classes
/// "0" to the highest label. A label above 9 must then occur in both label files, as a damaged byte
/// would otherwise make a class.
Dataset load_dataset(const std::string& name_or_path);

}  // namespace normlab
