#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "normlab/lab/comparison.h"
#include "normlab/lab/trial.h"

/// How the arms of a study are set against each other.
namespace normlab {

/// Labels as they stand in every picture: an arm without a label is called as in the tables.
std::vector<std::string> arm_labels(const Study& study);

/// Keys in which any two arms differ, sorted.
std::vector<std::string> varied_keys(const Study& study);

/// What an arm has besides its norm where the study varies it: "batch=32", "batch=32 lr=0.1";
/// empty when arms differ in nothing but the norm.
std::string arm_context(const Study& study, std::size_t arm);

/// Two arms to be compared, indices into Study::arms.
struct ArmPair {
  std::size_t baseline = 0;
  std::size_t arm = 0;
  bool norm_alone = false;  ///< without against with batch normalization, all else equal
};

/// Every arm with batch normalization and its partner without, where there are such; else every arm
/// and the first.
std::vector<ArmPair> arm_pairs(const Study& study);

/// The pair's contrast in one metric (lab/contrast.h), without p-values: those belong to the
/// study's own contrasts.
Contrast pair_contrast(std::span<const TrialResult> results, const ArmPair& pair, Metric metric,
                       double threshold);

/// Steps of one epoch of the arm's trials; absent when none finished an epoch.
std::optional<double> steps_per_epoch(std::span<const TrialResult> results, std::size_t arm);

/// "after 5 epochs", "after 2,000 steps".
std::string after_training(const TrialSettings& settings);

}  // namespace normlab
