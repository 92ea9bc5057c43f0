#pragma once

#include <optional>
#include <string>
#include <vector>

#include "normlab/cli/cli11_fwd.h"
#include "normlab/store/study_command.h"

namespace normlab {

/// What the command line of `run` says.
struct RunRequest {
  std::vector<std::string> arguments;  ///< the model and key=value, in any order
  std::string data;
  std::string runs = kDefaultRuns;
  int jobs = 0;  ///< 0: as many as there are cores
  int threads = 1;
  std::optional<double> threshold;
  std::string primary;  ///< of the metrics that the study is decided by; empty: the study's own
  bool json = false;
  bool quiet = false;
  bool dry_run = false;
  bool fail_fast = false;
  bool force = false;
  bool fetch = false;
  bool smoke = false;
  bool no_report = false;
  bool help_settings = false;

  /// The one argument that is no setting, a model or a study; empty when there is none. Throws
  /// RequestError for two.
  std::string model() const;
  /// The arguments that are settings, --data among them.
  std::vector<std::string> settings() const;
  int jobs_or_default() const;
  /// What fixes the study and what is said of it, as it can be typed again after `normlab run`: how
  /// and where it is run is left out.
  std::string command() const;
  /// The whole request as it was typed, but for --force: a command that goes on with what is
  /// stored.
  std::string go_on_command() const;
};

/// Adds the options that fill `request`, which must outlive `command`.
void add_run_options(CLI::App& command, RunRequest& request);

}  // namespace normlab
