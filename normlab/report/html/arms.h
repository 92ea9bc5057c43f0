#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "normlab/lab/trial.h"

/// How the arms of a study are set against each other.
namespace normlab {

/// Labels as they stand in every picture: an arm without a label is called as in the tables.
std::vector<std::string> arm_labels(const Study& study);

/// That of one arm.
std::string arm_label(const Study& study, std::size_t arm);

/// Keys in which any two arms differ, sorted.
std::vector<std::string> varied_keys(const Study& study);

/// What an arm has besides its norm where the study varies it: "batch=32", "batch=32 lr=0.1";
/// empty when arms differ in nothing but the norm.
std::string arm_context(const Study& study, std::size_t arm);

/// An arm and its baseline (lab/baseline.h), indices into Study::arms.
struct ArmPair {
  std::size_t baseline = 0;
  std::size_t arm = 0;
  bool norm_alone = false;  ///< without against with batch normalization, all else equal
};

/// The pairs that differ in the norm alone, where there are such; else every arm but the first.
/// `norm_alone` is the same in all of them.
std::vector<ArmPair> arm_pairs(const Study& study);

/// What every arm of `pairs` is compared with: "norm=none"; the norm of the baselines where there
/// are several. Requires: not empty.
std::string baseline_text(const Study& study, std::span<const ArmPair> pairs);

/// Steps of one epoch of the arm's trials; absent when none finished an epoch.
std::optional<double> steps_per_epoch(std::span<const TrialResult> results, std::size_t arm);

/// "after 5 epochs", "after 2,000 steps".
std::string after_training(const TrialSettings& settings);

}  // namespace normlab
