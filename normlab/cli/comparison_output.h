#pragma once

#include <span>
#include <string>

#include "normlab/lab/comparison.h"
#include "normlab/lab/data_facts.h"

namespace normlab {

/// The table of a comparison, as wide as the terminal that standard output is, if it is one.
std::string terminal_table(const Comparison& comparison, std::span<const DataFacts> data);

/// Writes the comparison's warnings to standard error.
void write_warnings(const Comparison& comparison);

}  // namespace normlab
