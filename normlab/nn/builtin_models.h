#pragma once

#include <span>

#include "normlab/base/builtin_text.h"

namespace normlab {

/// The files of presets/models/, in alphabetical order. Defined in a source that CMake writes
/// (normlab_embed).
std::span<const BuiltinText> builtin_models();

}  // namespace normlab
