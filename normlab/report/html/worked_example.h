#pragma once

#include <cstdint>
#include <vector>

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// One channel of a batch norm worked through in double precision, from the record's inputs.
struct WorkedExample {
  double mean = 0;                 ///< of the batch, recomputed where all rows were kept
  double variance = 0;             ///< biased
  std::vector<double> normalized;  ///< the first few rows
  std::vector<double> outputs;     ///< scaled and shifted, in training
  std::vector<double> evaluated;   ///< the same rows with running statistics
};

/// Requires: example.x not empty.
WorkedExample work_through(const NormExample& example);

/// The formulas with the lines of a worked example (none: without lines).
Json training_formula(const NormExample* example);
Json evaluation_formula(const NormExample* example);

/// What batch normalization computes, for a student, with the example of the first probed trial
/// that has one. Without blocks when no arm normalizes batches.
Json explanation(const ReportInput& input);

}  // namespace normlab
