#pragma once

#include <span>
#include <string>
#include <vector>

#include "normlab/lab/runner.h"
#include "normlab/lab/trial.h"
#include "normlab/report/data_facts.h"

namespace normlab {

/// A study that is known to be able to run: models found, data loaded, shapes checked.
struct PlannedStudy {
  Study study;
  Datasets datasets;
  std::vector<DataFacts> data;        ///< one for each data set, in the order of the arms
  std::vector<std::string> warnings;  ///< settings that do nothing
};

/// From the request to the study. Writes no file but the cache of data drawn by the program. Throws
/// RequestError for whatever is wrong with the request.
PlannedStudy plan_study(const std::string& model, std::span<const std::string> settings);

/// What `--dry-run` prints.
std::string describe_plan(const PlannedStudy& plan);

}  // namespace normlab
