#pragma once

#include <span>
#include <string>

#include "normlab/lab/trial.h"

namespace normlab {

/// Says by an exception that a study did not go as asked: StoppedBySignal when `signal` is not 0
/// and trials are missing, Error when trials failed or were not run, with which and why. `go_on`
/// ends the message: "to go on: COMMAND".
void throw_unless_complete(const Study& study, std::span<const TrialResult> results, int signal,
                           const std::string& go_on);

}  // namespace normlab
