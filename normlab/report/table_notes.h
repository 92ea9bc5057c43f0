#pragma once

#include <span>
#include <string>
#include <vector>

#include "normlab/lab/comparison.h"
#include "normlab/lab/data_facts.h"

namespace normlab {

/// What a reader of a comparison's table must know, one sentence or two each: the data, what ± and
/// brackets mean and over how many seeds, what was left out, what may be called significant.
std::vector<std::string> table_notes(const Comparison& comparison, std::span<const DataFacts> data);

/// The same for a table that goes to a file, which leaves the terminal's warnings behind: they come
/// with it.
std::vector<std::string> file_notes(const Comparison& comparison, std::span<const DataFacts> data);

}  // namespace normlab
