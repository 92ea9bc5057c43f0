#pragma once

#include <cstdint>
#include <string>

#include "normlab/nn/options.h"
#include "normlab/optim/options.h"

namespace normlab {

/// Bytes to floats: [-1, 1], [0, 1], or zero mean and unit variance per channel of the training
/// images.
enum class InputScale { minus_one_to_one, zero_to_one, standardize };
/// The last batch of an epoch when the batch size does not divide the data: `keep` it short, `drop`
/// it, `merge` it into the batch before, or `wrap` round to the epoch's first examples.
enum class Tail { keep, drop, merge, wrap };
/// Which training images are mirrored left to right: each with probability 1/2 in every epoch; or
/// `alternate`: so in the first epoch, then in turns, so that two epochs show both sides of every
/// image (Jordan 2024, section 3.6).
enum class Flip { none, random, alternate };
/// Random views of training images, drawn anew in every epoch (train/augment.h).
struct AugmentOptions {
  std::int64_t crop = 0;  ///< moved by at most so many pixels each way, zeros beyond the edges
  Flip flip = Flip::none;

  bool operator==(const AugmentOptions&) const = default;
};
enum class CheckpointPolicy { none, last, best };

/// Everything that fixes the result of one trial. lab/settings.h translates from and to
/// `key=value`.
struct TrialSettings {
  std::string model;            ///< a name, a .toml file or a list of layers
  std::string data = "glyphs";  ///< a name or a folder
  InputScale input_scale = InputScale::minus_one_to_one;
  double validation = 0.2;  ///< share of the training images held out, (0, 1)
  /// `validation=test`: all training images train, the test images validate.
  bool validation_is_test = false;
  std::int64_t subset = 0;  ///< how many of the training images train; 0: all
  bool shuffle = true;
  AugmentOptions augment;
  NormOptions norm;
  RedundantBias redundant_bias = RedundantBias::keep;
  Precision precision = Precision::float32;
  InitOptions init;
  OptimizerOptions optimizer;
  std::int64_t batch = 64;
  Tail tail = Tail::keep;
  std::int64_t epochs = 5;
  std::int64_t steps = 0;  ///< end after so many steps instead of after `epochs`; 0: epochs decide
  /// End after so many epochs without a better validation accuracy; 0: never.
  std::int64_t patience = 0;
  double label_smoothing = 0;
  /// Answers in evaluation are the mean of the logits for an image and its mirror image.
  bool eval_flip = false;
  std::uint64_t seed = 1;
  CheckpointPolicy checkpoint = CheckpointPolicy::last;
  /// Steps between two looks into the network, 0 for none; the laboratory decides which trials are
  /// probed (TrialContext::probe_interval). Has no effect on the result.
  std::int64_t probe = 100;
};

}  // namespace normlab
