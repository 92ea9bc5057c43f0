#pragma once

#include <span>
#include <string>

#include "normlab/lab/comparison.h"
#include "normlab/lab/data_facts.h"

namespace normlab {

/// The comparison of comparison_table() as a LaTeX table to be \input into a document that has
/// \usepackage{booktabs}; the notes are its caption. Columns that a page of common width does not
/// hold go to further tabulars of the same table. All text is escaped; characters beyond ASCII are
/// UTF-8, which LaTeX reads since 2018. Ends in a newline.
std::string comparison_latex(const Comparison& comparison, std::span<const DataFacts> data);

}  // namespace normlab
