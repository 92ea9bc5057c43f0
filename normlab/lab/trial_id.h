#pragma once

#include <string>

#include "normlab/train/trial_settings.h"

namespace normlab {

/// Part of every trial's id. Raised when the same settings give other bits than they did before,
/// which tests/isa/golden_bits_test.py tells.
///   2: the first convolution of a network, and dense layers of few outputs and many inputs, add
///      up in another order.
///   3: a network's first convolution takes its statistics in one pass, and Adam's constants round
///      otherwise.
///   4: the gradient of a wide dense layer's input, for 16 to 48 examples, adds up in another order.
///   5: what pieces of a batch give is added up along a tree, no longer one after the other.
inline constexpr int kNumericsVersion = 5;

/// The contents of what a trial's settings only name, so that an id follows what was trained on and
/// not where it lay.
struct TrialContents {
  std::string model;  ///< the layers in full
  std::string data;   ///< Dataset::sha256
  std::string init;   ///< SHA-256 of the file with the initial weights; empty when they are drawn
};

/// The first 12 hex digits of the SHA-256 of the numerics version and the resolved settings of
/// list_id_settings(), one key=value a line, sorted by key, with the contents in place of the
/// names. A setting that is new has no part in it until it is used.
std::string trial_id(const TrialSettings& settings, const TrialContents& contents);

/// The same without the seed.
std::string arm_id(const TrialSettings& settings, const TrialContents& contents);

/// The first 12 hex digits of the text's SHA-256.
std::string short_hash(const std::string& text);

}  // namespace normlab
