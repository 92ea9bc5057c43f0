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
  std::string title;                  ///< of a study that comes with the program; else empty
  std::vector<std::string> questions;
};

/// From the request to the study: `subject` is a model (with `settings` as its grid) or the name of
/// a study (with `settings` in place of its own; `smoke` takes its short variant). Writes no file
/// but the cache of data drawn by the program. Throws RequestError for whatever is wrong with the
/// request.
PlannedStudy plan_study(const std::string& subject, std::span<const std::string> settings,
                        bool smoke);

/// What `--dry-run` prints.
std::string describe_plan(const PlannedStudy& plan);

}  // namespace normlab
