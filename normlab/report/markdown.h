#pragma once

#include <span>
#include <string>
#include <string_view>

#include "normlab/lab/comparison.h"
#include "normlab/lab/data_facts.h"

namespace normlab {

/// The comparison of comparison_table() as Markdown tables (GitHub's and Pandoc's pipe tables) and
/// a list of the notes. Two arms share a table with their difference; more have a table of values
/// and one of differences. Labels are escaped. Ends in a newline.
std::string comparison_markdown(const Comparison& comparison, std::span<const DataFacts> data);

/// The text without any markup, in one line.
std::string markdown_text(std::string_view text);

}  // namespace normlab
