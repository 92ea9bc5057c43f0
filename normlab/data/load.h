#pragma once

#include <string>

#include "normlab/data/dataset.h"

namespace normlab {

/// Reads the data set `name_or_path` (locate.h says where it is looked for, layout.h what is
/// recognised there, identity.h what it is called then), or draws `glyphs`. Throws RequestError
/// when it is not found or damaged, with what to do.
Dataset load_dataset(const std::string& name_or_path);

}  // namespace normlab
