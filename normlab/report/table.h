#pragma once

#include <span>
#include <string>

#include "normlab/lab/comparison.h"
#include "normlab/lab/data_facts.h"

namespace normlab {

struct TableOptions {
  int width = 100;  ///< of the terminal, in columns; arms that do not fit go to further blocks
};

/// The comparison as text for a terminal: metrics as rows, arms as columns, mean ± sd over seeds,
/// the paired difference of each arm to the first with its 95 % interval, and notes on what the
/// numbers are. Accuracies in percent, times in microseconds. A number shows as many digits as its
/// uncertainty justifies. Ends in a newline. UTF-8, no colours. `data`: one entry per data set of
/// the study.
std::string comparison_table(const Comparison& comparison, std::span<const DataFacts> data,
                             const TableOptions& options = {});

}  // namespace normlab
