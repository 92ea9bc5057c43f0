#include "normlab/cli/aligned_text.h"

#include <algorithm>

#include "normlab/report/text_layout.h"

namespace normlab {

std::string align_columns(const std::vector<std::vector<std::string>>& rows,
                          std::string_view alignment) {
  std::vector<std::size_t> widths(alignment.size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row.at(i)));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (i > 0) line += "  ";
      line += alignment[i] == 'l' ? pad_right(row[i], widths[i]) : pad_left(row[i], widths[i]);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace normlab
