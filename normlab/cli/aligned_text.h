#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace normlab {

/// Rows of cells as lines of text, in columns two blanks apart. `alignment` has a letter for each
/// column: l for left, r for right. Every row has as many cells.
std::string align_columns(const std::vector<std::vector<std::string>>& rows,
                          std::string_view alignment);

}  // namespace normlab
