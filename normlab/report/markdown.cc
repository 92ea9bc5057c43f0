#include "normlab/report/markdown.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "normlab/report/table_columns.h"
#include "normlab/report/table_notes.h"
#include "normlab/report/text_layout.h"

namespace normlab {
namespace {

/// A column as it stands in the file: the heading first.
std::vector<std::string> lines_of(const TableColumn& column) {
  std::string heading = markdown_text(column.title);
  for (const std::string& remark : column.remarks)
    heading.append("<br>").append(markdown_text(remark));
  std::vector<std::string> lines = {heading};
  for (const std::string& cell : column.cells) lines.push_back(markdown_text(cell));
  return lines;
}

/// The first column aligned to the left, the others to the right.
std::string table(const std::vector<std::vector<std::string>>& columns) {
  std::vector<std::string> lines(columns[0].size() + 1, "|");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::size_t width = widest(columns[i]);
    std::size_t line = 0;
    for (const std::string& cell : columns[i]) {
      lines[line] += fmt::format(" {} |", i == 0 ? pad_right(cell, width) : pad_left(cell, width));
      line += line == 0 ? 2 : 1;
    }
    lines[1].append(width + 1, '-').append(i == 0 ? "-|" : ":|");
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text + "\n";
}

std::vector<std::vector<std::string>> label_column(const Comparison& comparison) {
  return {lines_of({"", {}, row_labels(comparison)})};
}

}  // namespace

std::string markdown_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("\\`*_<>|~&$").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c == '\n' || c == '\r' ? ' ' : c;
  }
  return escaped;
}

std::string comparison_markdown(const Comparison& comparison, std::span<const DataFacts> data) {
  auto columns = label_column(comparison);
  for (const TableColumn& column : arm_columns(comparison)) columns.push_back(lines_of(column));
  std::string text;
  if (comparison.arms.size() > 2) {
    text += table(columns);
    columns = label_column(comparison);
  }
  for (const TableColumn& column : difference_columns(comparison)) {
    columns.push_back(lines_of(column));
  }
  text += table(columns);
  for (const std::string& note : file_notes(comparison, data)) {
    text += fmt::format("- {}\n", markdown_text(note));
  }
  return text;
}

}  // namespace normlab
