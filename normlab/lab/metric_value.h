#pragma once

#include <optional>
#include <span>

#include "normlab/lab/metric.h"
#include "normlab/lab/statistics_survival.h"
#include "normlab/lab/trial.h"

namespace normlab {

/// When the trial's validation accuracy first reached `threshold`, in steps. Known at the end of
/// each epoch only, so that is its resolution. A diverged trial that had not arrived never will.
/// Absent for a failed trial.
std::optional<Duration> arrival(const TrialRecord& record, double threshold);

/// What the trial measured, finite or not; `threshold` is for steps_to_accuracy. Absent when the
/// trial did not run to its end (steps_to_accuracy: when it never arrived, or there is no
/// threshold) or did not measure it.
std::optional<double> measured_value(const TrialResult& result, Metric metric,
                                     std::optional<double> threshold);

/// The same where it is finite.
std::optional<double> metric_value(const TrialResult& result, Metric metric,
                                   std::optional<double> threshold);

/// Whether step_seconds is a mean over all steps, because no median was kept.
bool has_mean_step_time(const TrialRecord& record);

/// What the metric can be in these trials, which failed ones do not change: its possible_range(),
/// with epochs and steps at most what the trial's settings let it run; accuracies are multiples of
/// one example's share, epochs of 1, arrivals of an epoch's steps.
Domain domain_of(std::span<const TrialResult* const> results, Metric metric);

}  // namespace normlab
