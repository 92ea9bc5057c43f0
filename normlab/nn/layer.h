#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "normlab/base/thread_pool.h"
#include "normlab/nn/layer_times.h"
#include "normlab/nn/parameters.h"
#include "normlab/nn/planner.h"
#include "normlab/nn/shape.h"

namespace normlab {

class Layer;

/// Sees what flows through a network; must change nothing.
class LayerObserver {
 public:
  virtual ~LayerObserver() = default;
  /// In a forward pass, before a layer that does not run inside another gets its input.
  virtual void on_input(const Layer& layer, const float* x) = 0;
};

/// What one forward or backward pass is told.
struct Pass {
  bool training = false;      ///< batch statistics, dropout; else running statistics
  std::int64_t examples = 0;  ///< in this batch
  std::uint64_t seed = 0;     ///< of the trial, for dropout
  std::uint64_t step = 0;     ///< counts the training steps
  ThreadPool& pool;
  LayerTimes* times = nullptr;        ///< null: nobody wants to know
  LayerObserver* observer = nullptr;  ///< null: nobody looks
  GradientSink* sink = nullptr;       ///< null: all gradients are stored
};

/// A node of the network. Its life: made from text, joined with others (`absorb`), planned, given
/// memory, run. Memory belongs to the network; a layer keeps slices of it. Not thread-safe: one
/// pass at a time.
class Layer {
 public:
  virtual ~Layer() = default;

  /// The layer as text, in full: "conv 32 3x3 stride 2 pad 1".
  virtual std::string text() const = 0;

  /// The position in PyTorch's nn.Sequential, which starts the parameters' names: "3".
  const std::string& name() const { return name_; }
  /// The row in Network::layers().
  std::size_t index() const { return index_; }
  void set_place(std::string name, std::size_t index) {
    name_ = std::move(name);
    index_ = index;
  }
  /// For messages: "3: linear 64".
  std::string label() const { return name_ + ": " + text(); }

  /// Takes the layer that follows into this one, so that both run as one pass over the data. False:
  /// it must run by itself. Called before `plan`. The absorbed layer outlives this one.
  virtual bool absorb(Layer&) { return false; }

  /// Infers the output's shape, registers parameters, reserves memory. Throws RequestError when the
  /// input's shape does not fit.
  virtual Shape plan(Planner& planner, const Shape& input) = 0;

  /// The output's shape of a layer inside another, which has been planned by then.
  virtual Shape plan_inside(Planner&, const Shape& input) { return input; }

  /// Floating-point operations of one example's forward pass, a multiply-add counted as two; valid
  /// after `plan`.
  virtual double flops() const { return 0; }

  /// True when `forward` returns its input as it is.
  virtual bool returns_input() const { return false; }

  /// The output for the batch at `x`. The network's own output stays readable until the next
  /// forward pass, others until the way back, on which those that a layer lends are overwritten.
  virtual const float* forward(const Pass& pass, const float* x) = 0;

  /// From the gradient of the output (`dy`, may be overwritten) to that of the input, which is
  /// returned, or null when the plan asked for none; parameter gradients are overwritten. Follows a
  /// forward pass of the same kind.
  virtual float* backward(const Pass& pass, float* dy) = 0;

  /// The label of the first layer in here whose output in the latest forward pass holds a NaN or
  /// infinity; empty when all are finite.
  virtual std::string find_non_finite(const Pass& pass) const = 0;

 private:
  std::string name_;
  std::size_t index_ = 0;
};

}  // namespace normlab
