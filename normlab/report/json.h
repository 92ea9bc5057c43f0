#pragma once

#include <span>
#include <string>

#include "normlab/lab/comparison.h"
#include "normlab/lab/data_facts.h"
#include "normlab/lab/trial.h"

namespace normlab {

/// The object of DESIGN section 6, indented by two, ending in a newline. Accuracies are fractions.
/// A number that is absent or not finite is null. Keys may be added, never renamed. `comparison`
/// must be `compare(study, results)`; `data`: one entry per data set of the study, the first is
/// `study.data` (and `study.data_sets` lists all when there are several).
std::string comparison_json(const Study& study, std::span<const TrialResult> results,
                            const Comparison& comparison, std::span<const DataFacts> data);

}  // namespace normlab
