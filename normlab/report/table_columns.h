#pragma once

#include <string>
#include <vector>

#include "normlab/lab/comparison.h"

/// What stands in a comparison's table, whatever the table is made of.
namespace normlab {

/// A column of cells, one per row_labels() entry.
struct TableColumn {
  std::string title;                 ///< the arm's label
  std::vector<std::string> remarks;  ///< further lines of the heading
  std::vector<std::string> cells;
};

inline constexpr const char* kNoValue = "–";

/// The rows: metrics with their units.
std::vector<std::string> row_labels(const Comparison& comparison);

/// One column per arm: mean ± sd, the mean alone when there is no sd; steps to the threshold: the
/// median and how many never arrived. Trials that diverged or failed are counted in the heading.
std::vector<TableColumn> arm_columns(const Comparison& comparison);

/// One column per arm but the first: the mean paired difference with its interval, `*` when
/// significant.
std::vector<TableColumn> difference_columns(const Comparison& comparison);

/// The title of an arm: its label, or a word for the only arm, which has none.
std::string arm_title(const std::string& label);

/// "95 %", "97.5 %".
std::string percent_text(double fraction);

}  // namespace normlab
