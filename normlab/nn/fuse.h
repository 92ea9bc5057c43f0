#pragma once

#include <memory>
#include <vector>

#include "normlab/nn/layer_tree.h"

namespace normlab {

/// What runs as one pass over the data: a producer (or none, then the stage's input), and behind it
///
///     bias, activation `before`, norm, sum with a shortcut, activation `after`
///
/// each of which may be missing. A norm slot that is empty belongs to no stage.
struct StageParts {
  const LayerNode* producer = nullptr;  ///< or a layer that has a stage of its own
  const LayerNode* before = nullptr;
  const LayerNode* norm = nullptr;
  const LayerNode* sum = nullptr;  ///< the residual block whose sum is taken
  const LayerNode* after = nullptr;
  const LayerNode* pool = nullptr;  ///< a maximum pooling at the end; see Layer::can_pool

  // Values are numbered; 0 is the network's input. A stage makes the value after that of the stage
  // before it.
  int input = 0;
  int addend = -1;  ///< the shortcut's end; -1: without `sum`
  int output = 0;

  /// The first layer that runs here: times count for it, messages name it.
  const LayerNode& head() const;
  Shape input_shape() const { return head().is_residual() ? head().output : head().input; }
  /// Of the producer's output, or the input: what all parts behind it see.
  Shape shape() const { return producer == nullptr ? input_shape() : producer->output; }
};

/// The stages of a model in the order in which they run forward; shortcuts before bodies, so that a
/// body's last stage can add. The one pass that decides what runs inside what: no layer knows of
/// another. With `each_alone` every layer has a stage of its own.
std::vector<StageParts> fuse(const LayerTree& tree, bool input_gradient, bool each_alone);

}  // namespace normlab
