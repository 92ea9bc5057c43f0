#pragma once

#include <span>
#include <string>

#include "normlab/lab/comparison.h"
#include "normlab/lab/trial.h"

/// A study's results as comma-separated values: a heading, then a row each, in the order given.
/// Fields are quoted as in RFC 4180; lines end in a newline alone. Numbers read back to the same
/// bits; one that is absent or not finite is an empty field. Accuracies are fractions, times
/// seconds, losses nats. Columns may be added, never renamed.
namespace normlab {

/// One row per trial: what it is (study, arm, trial, status), all its settings by their keys, every
/// metric by its name (lab/metric.h), how far it came, why it ended early, whether it trained (1 or
/// 0; empty when it failed or that is not known), and what its steps_to_accuracy waited for.
/// `comparison` must be that of `study` and `results`.
std::string trials_csv(const Study& study, std::span<const TrialResult> results,
                       const Comparison& comparison);

/// One row per finished epoch of every trial.
std::string epochs_csv(const Study& study, std::span<const TrialResult> results,
                       std::span<const Metric> metrics);

}  // namespace normlab
