#pragma once

#include <span>
#include <string_view>

namespace normlab {

/// A file that was embedded when the program was built.
struct BuiltinText {
  std::string_view name;
  std::string_view text;
};

}  // namespace normlab
