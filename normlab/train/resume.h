#pragma once

#include <optional>
#include <string>
#include <vector>

#include "normlab/nn/network.h"
#include "normlab/optim/optimizer.h"
#include "normlab/train/trial_record.h"

namespace normlab {

/// The best epoch so far, for checkpoint=best.
struct BestEpoch {
  double score = 0;  ///< score_of() its validation
  std::vector<Tensor> tensors;
};

/// What an unfinished trial has to show after an epoch, besides its network and optimizer. Random
/// numbers need no keeping: they depend on seed, step and epoch only.
struct TrialProgress {
  TrialRecord record;
  std::optional<BestEpoch> best;
};

/// Writes everything from which the trial goes on with the same bits. Survives the death of the
/// program, not necessarily a power loss. Throws Error when the file cannot be written.
void save_progress(const std::string& path, const TrialProgress& progress, const Network& network,
                   const Optimizer& optimizer);

/// Brings network and optimizer back to where `save_progress` left them. Absent, and nothing
/// changed, when there is no file, it is damaged, was written under another instruction set, or
/// belongs to another network.
std::optional<TrialProgress> load_progress(const std::string& path, Network& network,
                                           Optimizer& optimizer);

}  // namespace normlab
