#pragma once

#include <span>
#include <string>

#include "normlab/store/store.h"

/// The texts that `normlab show` prints, each with its line ends.
namespace normlab {

/// `command`, which runs it again, the arms, and a line for each trial, those without a result among
/// them.
std::string study_text(const StoredStudy& stored, std::span<const TrialResult> results,
                       const std::string& command);

/// Outcome, epochs, settings and environment (the store's JSON text, may be empty).
std::string trial_text(const TrialResult& result, const std::string& environment);

/// `step,value` lines, steps from 1. Throws RequestError for a name other than "train_loss".
std::string series_text(const TrialRecord& record, const std::string& name);

}  // namespace normlab
