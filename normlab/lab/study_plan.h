#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "normlab/data/load.h"
#include "normlab/lab/data_facts.h"
#include "normlab/lab/metric.h"
#include "normlab/lab/runner.h"
#include "normlab/lab/trial.h"
#include "normlab/train/trial_cost.h"

namespace normlab {

/// A study that is known to be able to run: models found, data loaded, shapes checked.
struct PlannedStudy {
  Study study;
  Datasets datasets;
  std::vector<DataFacts> data;        ///< one for each data set, in the order of the arms
  std::vector<std::string> warnings;  ///< settings that do nothing, data that is not what it seems
  std::vector<TrialCost> costs;       ///< of a trial of each arm
  std::string title;                  ///< of a study that comes with the program; else empty
  std::vector<std::string> questions;
  Metric primary = Metric::validation_accuracy;
};

/// What each trial of the study takes, by trial_cost()'s reckoning.
std::vector<double> reference_seconds(const PlannedStudy& plan);

struct PlanOptions {
  bool smoke = false;        ///< a study's short variant
  std::string primary = {};  ///< metric that decides; empty: the study's own
  std::function<Dataset(const std::string&)> load = load_dataset;  ///< of data by its name
};

/// From the request to the study: `subject` is a model (with `settings` as its grid) or the name of
/// a study (with `settings` in place of its own). Writes no file but what loading the data does.
/// Throws RequestError for whatever is wrong with the request.
PlannedStudy plan_study(const std::string& subject, std::span<const std::string> settings,
                        const PlanOptions& options);

}  // namespace normlab
