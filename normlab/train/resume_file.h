#pragma once

#include <functional>
#include <optional>
#include <string>

#include "normlab/base/stopwatch.h"
#include "normlab/train/resume.h"

namespace normlab {

/// Where the state of one trial under way is kept from time to time. That it cannot be kept (a full
/// disk) is no reason to end the trial: it is said once, what the file held before is given back to
/// whoever needs the room, and the trial goes on without.
class ResumeFile {
 public:
  struct Options {
    std::string path;          ///< empty: nothing is kept
    double least_seconds = 0;  ///< from one writing to the next
    /// Told why the state cannot be kept, at most once. May be empty.
    std::function<void(const std::string& why)> on_trouble = {};
  };
  explicit ResumeFile(Options options) : options_(std::move(options)) {}

  /// What an interrupted run of the trial left; see load_progress.
  std::optional<TrialProgress> load(Network& network, Optimizer& optimizer) const;
  /// True when so much time has passed since the latest writing that another costs little.
  bool is_due() const;
  void save(const TrialProgress& progress, const Network& network, const Optimizer& optimizer);
  /// When the trial has ended. Never fails.
  void remove() const;

 private:
  Options options_;
  Stopwatch since_latest_;
  bool given_up_ = false;
};

}  // namespace normlab
