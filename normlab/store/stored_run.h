#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "normlab/lab/runner.h"
#include "normlab/lab/study_plan.h"
#include "normlab/store/store.h"

namespace normlab {

/// How a study is run into a store.
struct StoredRun {
  std::filesystem::path runs;       ///< the store's folder; weights go into its "checkpoints"
  std::string command;              ///< StoredStudy::command
  std::optional<double> threshold;  ///< StoredStudy::threshold
  std::string environment;          ///< JSON text that says what the trials run on
  bool force = false;               ///< train finished trials again
  RunOptions options = {};  ///< jobs, threads, fail_fast, observer and stop; the rest is filled in
};

/// Makes the study known to the store, runs what the store does not have yet, and gives back all.
/// Throws Error when a folder cannot be made, and as run_study() does.
std::vector<TrialResult> run_into_store(const PlannedStudy& plan, Store& store, StoredRun run);

}  // namespace normlab
