#pragma once

#include <cstdint>

#include "normlab/nn/norm.h"
#include "normlab/nn/options.h"
#include "normlab/nn/planner.h"

namespace normlab {

struct Moments;

/// Batch normalization (Ioffe & Szegedy 2015). Formulas: DESIGN section 3. Without batch statistics
/// the running ones are constants, through which no gradient flows.
class BatchNorm : public Norm, private Norm::InStage {
 public:
  explicit BatchNorm(const NormOptions& options) : options_(options) {}

  bool removes_bias() const override { return true; }
  void plan(Planner& planner, const LayerNode& node, std::int64_t pieces,
            const ParameterSlice* redundant_bias) override;

  void begin(const Pass& pass) override;
  bool needs_statistics(const Pass& pass) const override;
  void partial_moments(ConstMatrix x, Range channels, std::int64_t piece) override;
  /// Only finite numbers ever enter the running statistics; updates that were left out are counted
  /// in the network's state as NAME.lost_updates.
  void merge_moments(const Pass& pass, Range channels, const Pieces& rows) override;
  void apply(Matrix y, ConstMatrix x, ConstMatrix addend, Range channels,
             Activation activation) const override;

  void partial_gradients(Matrix dy, const Seen& seen, Range channels, std::int64_t piece) override;
  void merge_gradients(const Pass& pass, Range channels, const Pieces& rows) override;
  void apply_backward(Matrix dx, ConstMatrix dy, const Seen& seen, Range channels) const override;
  void share_partial(Team& team, const Pieces& pieces) const override;

  Norm::InStage* in_stage() override { return this; }

 private:
  void signs(float* signs) const override;
  kernels::PartialMoments piece_moments(std::int64_t piece) override;
  kernels::NormBackward backward_view() const override;

  void plan_parameters(Planner& planner, const LayerNode& node);
  void use_running(Range channels);
  void update_running(std::int64_t channel, const Moments& batch);
  void set_inv_std(std::int64_t channel, double variance) const;
  kernels::NormForward forward_view(const Seen& seen, Range channels) const;
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
