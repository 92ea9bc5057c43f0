#pragma once

#include <cstdint>

#include "normlab/base/matrix.h"
#include "normlab/base/pieces.h"
#include "normlab/kernels/activation.h"
#include "normlab/kernels/moments.h"
#include "normlab/kernels/norm.h"

namespace normlab {

class Planner;
class Team;
struct LayerNode;
struct ParameterSlice;
struct Pass;

/// What fills a norm slot, or maps each channel in another way: its state, and the steps from which
/// a stage builds a pass. `x` is the input as a matrix of `rows x channels`; work comes in pieces
/// of rows, blocks of channels, or both.
///
/// A pass goes: `begin`; where `needs_statistics`, partial ones of every piece and a merge for each
/// channel; `apply` piece by piece. On the way back: partial sums of every piece, a merge for each
/// channel, `apply_backward` piece by piece, `end_backward`. Steps for different channels, and
/// partial steps for different pieces, may run at the same time.
class Norm {
 public:
  virtual ~Norm() = default;

  /// True when it takes away each channel's mean in training, so that a bias right before it has no
  /// effect there but to shift the mean that is tracked.
  virtual bool removes_bias() const = 0;

  /// `node`: the slot; its names, its shape. `pieces`: into how many at most the rows are cut.
  /// `redundant_bias`: the bias that the producer right before this norm kept for itself, null when
  /// it has none; only where removes_bias().
  virtual void plan(Planner& planner, const LayerNode& node, std::int64_t pieces,
                    const ParameterSlice* redundant_bias) = 0;

  /// Once per forward pass, before all other steps.
  virtual void begin(const Pass& pass) = 0;
  virtual bool needs_statistics(const Pass& pass) const = 0;

  /// Statistics of piece `piece` of the input.
  virtual void partial_moments(ConstMatrix x, Range channels, std::int64_t piece) = 0;
  /// Merges those of all pieces of `rows`, fixes what the application needs, and updates what is
  /// tracked.
  virtual void merge_moments(const Pass& pass, Range channels, const Pieces& rows) = 0;

  /// y = activation(norm(x)), or with the sum: activation(norm(x) + addend), where addend.data is
  /// not null.
  virtual void apply(Matrix y, ConstMatrix x, ConstMatrix addend, Range channels,
                     Activation activation) const = 0;

  /// What the way back reads of the way forward.
  struct Seen {
    ConstMatrix x;
    ConstMatrix y;
    Activation activation = {};  ///< of `apply`
    bool after_sum = false;      ///< `apply` added something
    bool behind_relu = false;    ///< x is a ReLU's output; dx becomes the gradient of its input
  };
  /// Partial sums of piece `piece`; what is left of dy is for `apply_backward` and, after a sum,
  /// its gradient.
  virtual void partial_gradients(Matrix dy, const Seen& seen, Range channels,
                                 std::int64_t piece) = 0;
  /// Parameter gradients from the partial sums of all pieces of `rows`.
  virtual void merge_gradients(const Pass& pass, Range channels, const Pieces& rows) = 0;
  /// dx from what `partial_gradients` left of dy; may be in place.
  virtual void apply_backward(Matrix dx, ConstMatrix dy, const Seen& seen,
                              Range channels) const = 0;
  /// After all else.
  virtual void end_backward() {}

  /// Between partial results of all pieces and their merge: gives them to every process.
  virtual void share_partial(Team& team, const Pieces& pieces) const = 0;

  /// For a stage that makes statistics and gradients on its own way, of a norm whose output rises
  /// or falls with its input, channel by channel.
  class InStage {
   public:
    virtual ~InStage() = default;
    /// signs[c]: whether the output rises (1) or falls (-1) with the input, or neither (0).
    virtual void signs(float* signs) const = 0;
    /// Where piece `piece` puts its statistics; of no rows yet.
    virtual kernels::PartialMoments piece_moments(std::int64_t piece) = 0;
    /// After `merge_gradients`.
    virtual kernels::NormBackward backward_view() const = 0;
  };
  /// Null when it is not such a norm.
  virtual InStage* in_stage() { return nullptr; }
};

}  // namespace normlab
