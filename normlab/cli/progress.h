#pragma once

#include <memory>

#include "normlab/lab/runner.h"
#include "normlab/lab/trial.h"

namespace normlab {

/// Shows on standard error how a study goes: bars on a terminal, drawn again at most ten times a
/// second; elsewhere one line for each epoch. The study must outlive it.
std::unique_ptr<StudyObserver> make_progress(const Study& study);

}  // namespace normlab
