#pragma once

#include <cstdint>
#include <string>

#include "normlab/base/matrix.h"
#include "normlab/base/moments.h"
#include "normlab/base/pieces.h"
#include "normlab/kernels/moments.h"
#include "normlab/kernels/norm.h"
#include "normlab/nn/layer.h"

namespace normlab {

/// The state and the steps of batch normalization, from which an epilogue builds a pass: partial
/// statistics piece by piece, a merge for each channel, an application piece by piece. Formulas:
/// DESIGN section 3.
///
/// Steps for different channels, and partial steps for different pieces, may run at the same time.
class BatchNorm {
 public:
  /// `pieces`: into how many pieces at most the rows are cut.
  void plan(Planner& planner, const std::string& name, const Shape& shape, std::int64_t pieces);

  /// The bias that the producer before this norm kept for itself (see RedundantBias); null when it
  /// has none. It only shifts the mean that is tracked.
  void set_redundant_bias(const ParameterSlice* bias) { redundant_bias_ = bias; }

  /// Once per forward pass, before all other steps.
  void begin(const Pass& pass);

  /// signs[c] = sign of gamma: whether the output rises or falls with the input, or neither.
  void gamma_signs(float* signs) const;

  /// Statistics of piece `piece` of the input.
  void partial_moments(ConstMatrix x, Range channels, std::int64_t piece);
  /// Where they go, for a producer that makes them itself; of no rows yet.
  kernels::PartialMoments piece_moments(std::int64_t piece);
  /// Merges the statistics of all pieces of `rows`, fixes what the application needs, and updates
  /// the running statistics; only finite numbers ever enter those. Updates that were left out are
  /// counted in the network's state as NAME.lost_updates.
  void merge_moments(Range channels, const Pieces& rows);
  /// Evaluation: what the application needs, from the running statistics.
  void use_running(Range channels);

  /// y = activation(gamma * x_hat + beta) for the given channels.
  void apply(Matrix y, ConstMatrix x, Range channels, Activation activation) const;

  /// Partial sums of piece `piece`; what is left of dy is for `apply_backward`.
  void partial_gradients(Matrix dy, ConstMatrix x, ConstMatrix y, Range channels,
                         Activation activation, std::int64_t piece);
  /// Gradients of gamma and beta from the partial sums of all pieces of `rows`. In evaluation the
  /// statistics are constants, so no gradient flows through them.
  void merge_gradients(Range channels, const Pieces& rows, bool training);
  /// dx from what `partial_gradients` left of dy; may be in place. `behind_relu`: x is a ReLU's
  /// output, and dx becomes the gradient of its input.
  void apply_backward(Matrix dx, ConstMatrix dy, ConstMatrix x, ConstMatrix y, Range channels,
                      Activation activation, bool behind_relu) const;
  /// What a producer needs that does so itself.
  kernels::NormBackward backward_view() const;

 private:
  void update_running(std::int64_t channel, const Moments& batch);
  void set_inv_std(std::int64_t channel, double variance) const;
  kernels::NormForward forward_view(ConstMatrix x, ConstMatrix y, Range channels,
                                    Activation activation) const;
  std::size_t partial_index(std::int64_t piece, std::int64_t channel) const {
    return static_cast<std::size_t>(piece * channels_ + channel);
  }

  NormOptions options_;
  std::int64_t channels_ = 0;
  const ParameterSlice* redundant_bias_ = nullptr;
  ParameterSlice gamma_;
  ParameterSlice beta_;
  ArenaSlice<float> running_mean_;
  ArenaSlice<float> running_var_;
  ArenaSlice<float> lost_updates_;  ///< how often a channel's batch statistics were left out
  ArenaSlice<std::int64_t> batches_tracked_;
  double update_ = 0;  ///< weight of the batch at hand in the running statistics
  // Per channel, of the pass at hand.
  ArenaSlice<float> mean_;
  ArenaSlice<float> inv_std_;
  ArenaSlice<float> scale_;  ///< gamma * inv_std
  ArenaSlice<float> dgamma_mean_;
  ArenaSlice<float> dbeta_mean_;
  // Per piece and channel: mean and m2 on the way forward, dgamma and dbeta on the way back.
  ArenaSlice<double> partial_first_;
  ArenaSlice<double> partial_second_;
};

}  // namespace normlab
