#pragma once

#include <span>
#include <string>

#include "normlab/lab/comparison.h"
#include "normlab/lab/trial.h"
#include "normlab/report/data_facts.h"

namespace normlab {

/// The table of a comparison, as wide as the terminal that standard output is, if it is one.
std::string terminal_table(const Comparison& comparison, std::span<const DataFacts> data);

/// Writes what check_fairness finds to standard error.
void warn_of_unfairness(const Study& study, std::span<const TrialResult> results);

}  // namespace normlab
