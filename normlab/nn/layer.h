#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "normlab/kernels/activation.h"
#include "normlab/nn/norm.h"
#include "normlab/nn/shape.h"

namespace normlab {

class Stage;
struct StageParts;

/// What a layer may be of a stage (nn/fuse.h).
enum class LayerRole {
  producer,    ///< makes values that others may work on while they are in cache: linear, conv
  activation,  ///< an elementwise function
  norm,        ///< a norm slot, or what else maps each channel by itself
  view,        ///< moves nothing: flatten
  alone,       ///< has a stage of its own: pooling, dropout
};

/// A layer as the model says it, before anything runs: its text, its shapes, its role. Immutable
/// and thread-safe.
class Layer {
 public:
  virtual ~Layer() = default;

  /// In full: "conv 32 3x3 stride 2 pad 1".
  virtual std::string text() const = 0;
  virtual LayerRole role() const = 0;

  /// The output's shape. Throws RequestError when the input's does not fit.
  virtual Shape output(const Shape& input) const { return input; }
  /// Floating-point operations of one example's forward pass, a multiply-add counted as two.
  virtual double flops(const Shape& /*input*/) const { return 0; }

  /// Of role activation.
  virtual Activation activation() const { return {}; }
  /// Of role norm; null: the slot is empty.
  virtual std::unique_ptr<Norm> make_norm() const { return nullptr; }
  /// Of role producer or alone: the stage that this layer leads.
  virtual std::unique_ptr<Stage> make_stage(const StageParts& parts) const;

  /// Side and stride of a maximum pooling.
  struct PoolWindow {
    std::int64_t size = 1;
    std::int64_t stride = 1;
  };
  /// Of a maximum pooling, which some producers can take into their stage.
  virtual std::optional<PoolWindow> max_window() const { return std::nullopt; }
  /// Of a producer: whether `parts`, with a maximum pooling, can be one stage. Its input's gradient
  /// is not wanted.
  virtual bool can_pool(const StageParts& /*parts*/) const { return false; }
};

}  // namespace normlab
