#include "normlab/report/table.h"

#include <algorithm>
#include <vector>

#include "normlab/report/table_columns.h"
#include "normlab/report/table_notes.h"
#include "normlab/report/text_layout.h"

namespace normlab {
namespace {

constexpr std::size_t kGap = 3;
/// Headings wider than this, and than their cells, go on in the next line where they have a space.
constexpr std::size_t kHeadingWidth = 15;

/// A column as lines of text.
struct Column {
  std::vector<std::string> heading;
  std::vector<std::string> cells;
  std::size_t width = 0;
};

using Columns = std::vector<Column>;

Column lay_out(TableColumn column) {
  const std::size_t width = std::max(kHeadingWidth, widest(column.cells));
  Column result{wrap(column.title, width), std::move(column.cells), 0};
  for (const std::string& remark : column.remarks) {
    for (std::string& line : wrap(remark, width)) result.heading.push_back(std::move(line));
  }
  result.width = std::max(widest(result.heading), widest(result.cells));
  return result;
}

void append(Columns& columns, std::vector<TableColumn> more) {
  for (TableColumn& column : more) columns.push_back(lay_out(std::move(column)));
}

std::size_t total_width(std::span<const Column> columns, std::size_t label_width) {
  std::size_t width = label_width;
  for (const Column& column : columns) width += kGap + column.width;
  return width;
}

/// Line `index` of the heading, counted so that all headings end in the same line.
std::string heading_line(const Column& column, std::size_t index, std::size_t lines) {
  const std::size_t missing = lines - column.heading.size();
  return index < missing ? "" : column.heading[index - missing];
}

void append_cell(std::string& line, const std::string& cell, std::size_t width) {
  line += pad_left(cell, kGap + width);
}

std::string block(const std::vector<std::string>& labels, std::size_t label_width,
                  std::span<const Column> columns) {
  std::string text;
  std::size_t heading_lines = 0;
  for (const Column& column : columns) {
    heading_lines = std::max(heading_lines, column.heading.size());
  }
  for (std::size_t i = 0; i < heading_lines; ++i) {
    std::string line = pad_right("", label_width);
    for (const Column& column : columns) {
      append_cell(line, heading_line(column, i, heading_lines), column.width);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  for (std::size_t i = 0; i < total_width(columns, label_width); ++i) text += "─";
  text += "\n";
  for (std::size_t row = 0; row < labels.size(); ++row) {
    text += pad_right(labels[row], label_width);
    for (const Column& column : columns) append_cell(text, column.cells[row], column.width);
    text += "\n";
  }
  return text + "\n";
}

/// As many blocks as the width asks for; a block has at least one column, however wide.
std::string blocks(const std::vector<std::string>& labels, std::span<const Column> columns,
                   std::size_t width) {
  const std::size_t label_width = widest(labels);
  std::string text;
  while (!columns.empty()) {
    std::size_t count = 1;
    while (count < columns.size() && total_width(columns.first(count + 1), label_width) <= width) {
      ++count;
    }
    text += block(labels, label_width, columns.first(count));
    columns = columns.subspan(count);
  }
  return text;
}

}  // namespace

std::string comparison_table(const Comparison& comparison, std::span<const DataFacts> data,
                             const TableOptions& options) {
  const auto width = static_cast<std::size_t>(std::max(options.width, 0));
  const std::vector<std::string> labels = row_labels(comparison);
  Columns columns;
  append(columns, arm_columns(comparison));
  const std::size_t arms = columns.size();
  append(columns, difference_columns(comparison));
  const std::span<const Column> all = columns;
  // Values and differences share a block only when everything does.
  std::string text =
      total_width(all, widest(labels)) <= width
          ? blocks(labels, all, width)
          : blocks(labels, all.first(arms), width) + blocks(labels, all.subspan(arms), width);
  for (const std::string& note : table_notes(comparison, data)) {
    for (const std::string& line : wrap(note, width)) text += line + "\n";
  }
  return text;
}

}  // namespace normlab
