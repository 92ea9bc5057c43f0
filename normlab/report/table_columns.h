#pragma once

#include <optional>
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

/// The rows: metrics with their units; in front of them the share that trained, where some trial
/// that came to an end did not.
std::vector<std::string> row_labels(const Comparison& comparison);

/// One column per arm: mean ± sd, the mean alone when there is no sd; steps to the threshold: the
/// median and how many never arrived. Trials that diverged, failed or are at chance are counted in
/// the heading, values that are not finite in their cell.
std::vector<TableColumn> arm_columns(const Comparison& comparison);

/// One column per arm but the first: the mean paired difference with its interval, `*` when
/// significant; of times without an interval, which they do not decide.
std::vector<TableColumn> difference_columns(const Comparison& comparison);

/// The title of an arm: its label, or a word for the only arm, which has none.
std::string arm_title(const std::string& label);

/// "95 %", "97.5 %".
std::string percent_text(double fraction);

/// What all arms' steps to accuracy wait for; absent when there are several such accuracies, or
/// none.
std::optional<double> common_threshold(const Comparison& comparison);

/// Whether some trial came to an end without having trained.
bool has_untrained(const Comparison& comparison);

}  // namespace normlab
