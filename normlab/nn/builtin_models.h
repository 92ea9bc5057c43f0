#pragma once

#include <span>
#include <string_view>

namespace normlab {

/// A file of the folder models/, embedded when the program is built, so that it is found wherever
/// that is installed.
struct BuiltinModel {
  std::string_view name;
  std::string_view text;
};

/// In alphabetical order. Defined in a source that CMake writes (embed_models.cmake).
std::span<const BuiltinModel> builtin_models();

}  // namespace normlab
