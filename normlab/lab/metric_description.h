#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "normlab/base/interval.h"
#include "normlab/lab/metric.h"
#include "normlab/lab/statistics_survival.h"
#include "normlab/lab/trial.h"
#include "normlab/train/quantity.h"

namespace normlab {

/// What a metric is for.
enum class MetricRole {
  outcome,      ///< says what training reached: a study may be decided by it
  description,  ///< says how that came about
  time,         ///< of the machine as much as of the training
};

/// Everything there is to know of a metric: what measures, compares and writes it needs no more.
struct MetricDescription {
  std::string name;        ///< in JSON, CSV and as a study's primary metric; never changed
  std::string noun;        ///< in sentences: "validation accuracy"
  std::string label = {};  ///< in tables, with the unit: "validation accuracy, %"
  bool in_tables = false;  ///< whether comparisons have a row for it
  Display display = {};    ///< in tables and sentences
  bool larger_is_better = false;
  MetricRole role = MetricRole::outcome;
  Interval range = {0, Domain::kMost};  ///< what it can be in any trial
  /// Of a trial that ran to its end, finite or not. Absent where the trial did not measure it.
  /// Unset for what `arrival` measures.
  std::function<std::optional<double>(const TrialResult&)> value = {};
  /// After the last epoch, of what is measured once, then; else unset.
  std::function<std::optional<double>(const TrialRecord&)> at_end = {};
  /// After an epoch, of what has curves over epochs; else unset.
  std::function<std::optional<double>(const EpochRecord&)> of_epoch = {};
  std::string caption = {};  ///< of that curve, as Quantity has it
  /// Of what is waited for: when the trial's validation accuracy reached the threshold, which in
  /// some trials never comes. Else null.
  std::optional<Duration> (*arrival)(const TrialRecord&, double threshold) = nullptr;
  /// What it can be in a trial like this one, by its length and data; unset: anything in `range`.
  std::function<Domain(const TrialResult&)> domain = {};
};

const MetricDescription& describe(Metric metric);

/// All of them, in order, from their files (lab/metric_registry.cc).
std::vector<MetricDescription> registered_metrics();

}  // namespace normlab
