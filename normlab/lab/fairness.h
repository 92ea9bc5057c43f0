#pragma once

#include <span>
#include <string>
#include <vector>

#include "normlab/lab/trial.h"

/// Whether a study compares what it seems to compare.
namespace normlab {

enum class FairnessIssue {
  confounded,        ///< arms differ from the baseline in norm and in more than the norm
  lr_at_edge,        ///< the best learning rate is the largest or smallest of its grid
  chosen_on_test,    ///< several arms are compared with validation=test
  unequal_seeds,     ///< arms have unequal numbers of finished seeds
  cold_statistics,   ///< running statistics had too few updates to forget their start
  short_last_batch,  ///< the last batch of an epoch is much smaller than the rest
  diverged_seeds,    ///< seeds that diverged are in no mean
  lost_statistics,   ///< batch statistics were beyond floats, and the running ones stood still
};

struct FairnessWarning {
  FairnessIssue issue = FairnessIssue::confounded;
  std::string text;  ///< what is the case, with its numbers, and what to do; one line
};

/// What a reader of the study should be warned of, each issue once (lr_at_edge: once per norm), in
/// the order of the enumeration. `results` as for compare(): in any order, some may be missing. The
/// text depends on the arguments alone. Safe to call from several threads.
std::vector<FairnessWarning> check_fairness(const Study& study,
                                            std::span<const TrialResult> results);

}  // namespace normlab
