#pragma once

#include <memory>
#include <span>

#include "normlab/lab/runner.h"
#include "normlab/lab/trial.h"

namespace normlab {

/// Shows on standard error how a study goes: bars on a terminal, drawn again at most ten times a
/// second; elsewhere one line for each epoch and, when a trial ends, one for the study. `costs`:
/// how long each trial is expected to take, in any unit. The study must outlive it.
std::unique_ptr<StudyObserver> make_progress(const Study& study, std::span<const double> costs,
                                             int jobs);

}  // namespace normlab
