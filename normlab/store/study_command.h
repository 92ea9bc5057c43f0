#pragma once

#include <span>
#include <string>
#include <vector>

#include "normlab/store/store.h"

/// Commands of normlab, to be shown to people.
namespace normlab {

/// The folder of runs where --runs is not given.
inline constexpr const char* kDefaultRuns = "runs";

/// "normlab list --runs elsewhere": `words` follow the program's name, and `runs` is named unless
/// it is the default.
std::string normlab_command(std::vector<std::string> words, const std::string& runs = kDefaultRuns);

/// The command that runs the study again, or goes on with it, in the folder `runs`: it gives the
/// same study with the same threshold.
std::string run_again_command(const StoredStudy& stored, const std::string& runs = kDefaultRuns);

/// The command that runs one trial, with `changes` (key=value) in place of its own settings.
std::string run_trial_command(const TrialSettings& settings, std::span<const std::string> changes,
                              const std::string& runs = kDefaultRuns);

}  // namespace normlab
