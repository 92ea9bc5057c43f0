#include "normlab/report/latex.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/report/table_columns.h"
#include "normlab/report/table_notes.h"
#include "normlab/report/text_layout.h"

namespace normlab {
namespace {

/// Characters that \footnotesize sets in a line of article's usual 345 pt.
constexpr std::size_t kLineWidth = 90;
constexpr std::size_t kLatexGap = 2;
constexpr std::size_t kLatexHeadingWidth = 15;

/// The longer of two that begin alike stands first.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kEscapes = {{
    {"\\", "\\textbackslash{}"},
    {"{", "\\{"},
    {"}", "\\}"},
    {"$", "\\$"},
    {"&", "\\&"},
    {"#", "\\#"},
    {"%", "\\%"},
    {"_", "\\_"},
    {"~", "\\textasciitilde{}"},
    {"^", "\\textasciicircum{}"},
    {"<=", "$\\leq$"},
    {"<", "\\textless{}"},
    {">", "\\textgreater{}"},
    {"\"", "''"},
    {"±", "$\\pm$"},
    {"µ", "$\\mu$"},
    {"–", "--"},
    {"\n", " "},
    {"\r", " "},
    {"|", "\\textbar{}"},
}};

std::string escape(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const auto found = std::ranges::find_if(
        kEscapes, [&](const auto& entry) { return text.starts_with(entry.first); });
    if (found == kEscapes.end()) {
      escaped += text.front();
      text.remove_prefix(1);
    } else {
      escaped += found->second;
      text.remove_prefix(found->first.size());
    }
  }
  return escaped;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A cell of numbers: a hyphen before a digit is a minus.
std::string number_cell(std::string_view cell) {
  std::string text;
  std::size_t written = 0;
  for (std::size_t i = 0; i + 1 < cell.size(); ++i) {
    if (cell[i] != '-' || !is_digit(cell[i + 1])) continue;
    text += escape(cell.substr(written, i - written)) + "$-$";
    written = i + 1;
  }
  return text + escape(cell.substr(written));
}

std::vector<std::string> heading_lines(const TableColumn& column) {
  std::vector<std::string> lines = wrap(column.title, kLatexHeadingWidth);
  lines.insert(lines.end(), column.remarks.begin(), column.remarks.end());
  return lines;
}

std::size_t width_of(const TableColumn& column) {
  return kLatexGap + std::max(widest(heading_lines(column)), widest(column.cells));
}

std::string heading_cell(const TableColumn& column) {
  std::vector<std::string> lines;
  for (const std::string& line : heading_lines(column)) lines.push_back(escape(line));
  return fmt::format("\\shortstack[r]{{{}}}", fmt::join(lines, "\\\\"));
}

std::string tabular(const std::vector<std::string>& labels, std::span<const TableColumn> columns) {
  std::string text =
      fmt::format("\\begin{{tabular}}{{l{}}}\n\\toprule\n", std::string(columns.size(), 'r'));
  for (const TableColumn& column : columns) text.append(" & ").append(heading_cell(column));
  text += " \\\\\n\\midrule\n";
  for (std::size_t row = 0; row < labels.size(); ++row) {
    text += escape(labels[row]);
    for (const TableColumn& column : columns)
      text.append(" & ").append(number_cell(column.cells[row]));
    text += " \\\\\n";
  }
  return text + "\\bottomrule\n\\end{tabular}\n";
}

}  // namespace

std::string comparison_latex(const Comparison& comparison, std::span<const DataFacts> data) {
  const std::vector<std::string> labels = row_labels(comparison);
  std::vector<TableColumn> columns = arm_columns(comparison);
  for (TableColumn& column : difference_columns(comparison)) columns.push_back(std::move(column));

  std::vector<std::string> notes;
  for (const std::string& note : file_notes(comparison, data)) notes.push_back(escape(note));
  std::string text = "% Needs \\usepackage{booktabs}.\n\\begin{table}\n\\centering\n";
  text += fmt::format("\\caption{{{}}}\n\\footnotesize\n", fmt::join(notes, "\n"));
  for (std::span<const TableColumn> rest = columns; !rest.empty();) {
    std::size_t width = widest(labels) + width_of(rest[0]);
    std::size_t count = 1;
    while (count < rest.size() && (width += width_of(rest[count])) <= kLineWidth) ++count;
    text += tabular(labels, rest.first(count));
    rest = rest.subspan(count);
    if (!rest.empty()) text += "\n\\medskip\n\n";
  }
  return text + "\\end{table}\n";
}

}  // namespace normlab
