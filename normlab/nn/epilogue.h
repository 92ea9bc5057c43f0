#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "normlab/base/pieces.h"
#include "normlab/nn/norm.h"
#include "normlab/nn/stage.h"

namespace normlab {

/// What runs behind a producer while its output is in cache: bias, an activation, a norm, a sum, an
/// activation; each may be missing (StageParts). The stage decides how the work is cut:
///
/// - by channels, every piece seeing all rows: `forward_channels` and `backward_channels` do
///   everything;
/// - by rows, every piece seeing all channels. Statistics then need a merge in between:
///   `forward_rows` for every piece, `merge_forward`, `finish_forward_rows` for every piece; on the
///   way back `backward_rows`, `merge_backward`, `finish_backward_rows`, and `end_backward`.
///
/// The first loop on either way that goes over values the neighbour has just made, or is about to
/// read, can be left to the neighbour: the stage behind this one then calls
/// `finish_forward_examples` right before it reads them, and `backward_examples` right after it
/// wrote their gradient, so that they are still in cache.
class Epilogue {
 public:
  explicit Epilogue(const StageParts& parts);

  /// True when a norm follows the producer directly that takes the mean away, so that a bias would
  /// have no effect in training.
  bool makes_bias_redundant() const;

  /// `bias`: the producer's, null when it has none. Rows are cut into pieces of
  /// `examples_per_piece`. Reserves the stage's output, too.
  void plan(Planner& planner, std::int64_t examples_per_piece, const ParameterSlice* bias);

  /// Where the producer writes its output.
  float* z() const { return z_.data; }
  const float* output() const { return output_; }

  /// Before all else in a forward pass. `input`: z() or, without a producer, the stage's input.
  void begin_forward(const Pass& pass, const float* input, const float* addend);
  void forward_channels(const Pass& pass, Range channels);
  void forward_rows(const Pass& pass, std::int64_t piece);
  bool needs_merge(const Pass& pass) const;
  void merge_forward(const Pass& pass);
  void finish_forward_rows(std::int64_t piece);

  /// From now on the stage behind this one, whose pieces have `examples_per_piece`, does what it
  /// can of this one's work, where that leaves all results as they are.
  void lend_to_next(std::int64_t examples_per_piece, std::int64_t max_examples);
  /// Instead of finish_forward_rows: true when the next stage does it.
  bool leave_to_next(const Pass& pass);
  bool unfinished() const { return unfinished_; }
  void finish_forward_examples(Range examples);
  void set_finished() { unfinished_ = false; }

  /// Before all else in a backward pass. dy (rows x channels) becomes the gradient at the sum where
  /// there is one; where the gradient at the producer's output will be is returned (it may be dy).
  float* begin_backward(const Pass& pass, float* dy);
  void backward_channels(const Pass& pass, Range channels);
  bool has_norm() const { return norm_ != nullptr; }
  /// With a norm only: its sums, for every piece, then `merge_backward`.
  void backward_rows(std::int64_t piece);
  /// By the next stage: begins the way back from dy, of which it calls `backward_examples` for each
  /// of its pieces. False when it must leave all that to this stage.
  bool begin_reduced_backward(const Pass& pass, float* dy);
  void backward_examples(Range examples);
  /// True when the next stage has called `backward_rows` for all; once.
  bool take_reduced() { return std::exchange(reduced_, false); }
  void merge_backward(const Pass& pass);
  void finish_backward_rows(std::int64_t piece);
  /// After the last piece of channels or rows: the bias's gradient.
  void end_backward(const Pass& pass);

  Pieces rows() const { return rows_; }
  Range all_channels() const { return {0, channels_}; }
  const LayerNode* find_non_finite() const;

 private:
  bool has_producer() const { return parts_.producer != nullptr; }
  bool has_sum() const { return parts_.sum != nullptr; }
  Activation before() const { return activation_of(parts_.before); }
  Activation after() const { return activation_of(parts_.after); }
  static Activation activation_of(const LayerNode* node) {
    return node == nullptr ? Activation{} : node->layer->activation();
  }
  void plan_output(Planner& planner, std::int64_t floats);

  void forward_part(const Pass& pass, Range rows, Range channels, std::int64_t piece);
  void activate(Range rows, Range channels);
  void add(Range rows, Range channels);
  void finish_forward_part(Range rows, Range channels);
  Norm::Seen seen(Range rows, Range channels) const;
  void reduce_part(Range rows, Range channels, std::int64_t piece);
  void finish_backward_part(Range rows, Range channels, std::int64_t piece);
  /// As long as it lives, time counts for `node`, here on one of `threads` threads.
  LayerTimes::Inside time(const LayerNode* node, Way way, int threads) const;
  /// True when the norm's way back includes that of the activation before it.
  bool norm_takes_relu() const { return norm_ != nullptr && before().kind == ActivationKind::relu; }
  template <class T>
  BasicMatrix<T> view(T* data, Range rows, Range channels) const {
    return {data + rows.first * channels_ + channels.first, rows.count, channels.count, channels_};
  }

  StageParts parts_;
  std::unique_ptr<Norm> norm_;
  const ParameterSlice* bias_ = nullptr;  ///< the producer's; null when it has none
  bool adds_bias_ = false;                ///< it has one, and no norm makes it redundant

  std::int64_t channels_ = 0;
  std::int64_t positions_ = 0;
  std::int64_t examples_per_piece_ = 0;
  ArenaSlice<float> z_;
  ArenaSlice<float> activated_store_;  ///< after `before`, where that cannot be done in place
  ArenaSlice<float> output_store_;     ///< after a norm or a sum, where it is not done in place
  ArenaSlice<float> dz_store_;         ///< where dy must stay the gradient at the sum
  ArenaSlice<double> bias_parts_;

  bool lent_to_next_ = false;

  // Of the pass at hand.
  bool unfinished_ = false;
  bool reduced_ = false;
  LayerTimes* times_ = nullptr;
  int threads_ = 1;
  /// A redundant bias gets no gradient in training; where the tracked mean is used, that is a
  /// constant and the bias counts.
  bool bias_has_gradient_ = false;
  Pieces rows_;
  const float* input_ = nullptr;
  const float* addend_ = nullptr;
  float* activated_ = nullptr;
  const float* norm_input_ = nullptr;  ///< behind `before`
  float* made_ = nullptr;              ///< by a norm or a sum
  const float* output_ = nullptr;
  float* dy_ = nullptr;
  float* dz_ = nullptr;
};

}  // namespace normlab
