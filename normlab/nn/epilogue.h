#pragma once

#include <cstdint>
#include <string>

#include "normlab/base/pieces.h"
#include "normlab/nn/layer.h"
#include "normlab/nn/norm.h"

namespace normlab {

class ActivationLayer;
class NormLayer;

/// What follows a linear or convolutional layer and is done while its output is in cache: bias, an
/// activation, a batch norm, an activation; each may be missing. The producer decides how the work
/// is cut:
///
/// - a dense layer by channels, every piece seeing all rows: `forward_channels` and
///   `backward_channels` do everything;
/// - a convolution by rows, every piece seeing all channels. Statistics then need a merge in
///   between: `forward_rows` for every piece, `merge_forward`, `finish_forward_rows` for every
///   piece; on the way back `backward_rows`, `merge_backward`, `finish_backward_rows`, and
///   `merge_bias` in the end.
class Epilogue {
 public:
  struct Plan {
    Shape shape;
    std::int64_t examples_per_piece = 0;
    bool has_producer = true;  ///< false: the input is another layer's output and must not change
    bool lends_output = true;  ///< false: it is read by others than the next layer
    const ParameterSlice* bias = nullptr;  ///< the producer's, null when it has none
  };

  /// Takes `layer` in when it is an activation or a norm that fits behind what is here already.
  bool absorb(Layer& layer);
  /// True when a batch norm follows the producer directly, so that a bias would have no effect.
  bool makes_bias_redundant() const;

  /// What was absorbed; null where nothing was.
  ActivationLayer* layer_before_norm() const { return before_; }
  NormLayer* norm() const { return norm_; }
  ActivationLayer* layer_after_norm() const { return after_; }

  void plan(Planner& planner, const Plan& plan);

  /// Where the producer writes its output.
  float* z() const { return z_.data; }
  const float* output() const { return output_; }

  /// Before all else in a forward pass. `input`: z() or, without a producer, the layer's input.
  void begin(const Pass& pass, const float* input);

  void forward_channels(const Pass& pass, Range channels);
  void forward_rows(const Pass& pass, std::int64_t piece);
  bool needs_merge(const Pass& pass) const { return norm_ != nullptr && pass.training; }
  void merge_forward();
  void finish_forward_rows(std::int64_t piece);

  /// dy (rows x channels) becomes the gradient at the producer's output, in place.
  void backward_channels(const Pass& pass, float* dy, Range channels);
  bool has_norm() const { return norm_ != nullptr; }
  /// With a norm only: its sums, for every piece, then `merge_backward`.
  void backward_rows(float* dy, std::int64_t piece);
  void merge_backward(const Pass& pass);
  void finish_backward_rows(float* dy, std::int64_t piece);
  /// After the last piece of rows: the bias's gradient.
  void merge_bias();

  Pieces rows() const { return rows_; }
  Range all_channels() const { return {0, channels_}; }
  std::string find_non_finite(const std::string& producer) const;

 private:
  void forward_part(bool training, Range rows, Range channels, std::int64_t piece);
  void activate(Range rows, Range channels);
  void finish_forward_part(Range rows, Range channels);
  void reduce_part(float* dy, Range rows, Range channels, std::int64_t piece);
  void finish_backward_part(float* dy, Range rows, Range channels, std::int64_t piece);
  /// As long as it lives, time counts for `layer`, which runs inside the producer, here on one of
  /// `threads` threads.
  LayerTimes::Inside time(const Layer& layer, Way way, int threads) const;
  /// True when the norm's way back includes that of the activation before it.
  bool norm_takes_relu() const { return norm_ != nullptr && before().kind == ActivationKind::relu; }
  Activation before() const;
  Activation after() const;
  template <class T>
  BasicMatrix<T> view(T* data, Range rows, Range channels) const {
    return {data + rows.first * channels_ + channels.first, rows.count, channels.count, channels_};
  }

  ActivationLayer* before_ = nullptr;
  NormLayer* norm_ = nullptr;
  ActivationLayer* after_ = nullptr;
  const ParameterSlice* bias_ = nullptr;  ///< the producer's; null when it has none
  bool adds_bias_ = false;                ///< it has one, and no norm makes it redundant

  std::int64_t channels_ = 0;
  std::int64_t positions_ = 0;
  std::int64_t examples_per_piece_ = 0;
  ArenaSlice<float> z_;
  ArenaSlice<float> activated_store_;  ///< after `before_`, where that cannot be done in place
  ArenaSlice<float> normed_store_;
  ArenaSlice<double> bias_parts_;

  // Of the pass at hand.
  LayerTimes* times_ = nullptr;
  int threads_ = 1;
  /// A redundant bias gets no gradient in training; in evaluation the tracked mean is a constant
  /// and the bias counts.
  bool bias_has_gradient_ = false;
  Pieces rows_;
  const float* input_ = nullptr;
  float* activated_ = nullptr;  ///< null: the input as it is
  const float* norm_input_ = nullptr;
  const float* output_ = nullptr;
};

}  // namespace normlab
