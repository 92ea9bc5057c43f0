#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "normlab/base/aligned_buffer.h"
#include "normlab/nn/parameter_kind.h"

namespace normlab {

/// A layer's piece of the flat buffers. Set when the network is built; valid as long as it lives.
struct ParameterSlice {
  float* value = nullptr;
  float* gradient = nullptr;
  std::int64_t size = 0;
  /// Its layer hands the gradient to a GradientSink, if there is one.
  bool given_in_backward = false;

  std::span<float> values() const { return {value, static_cast<std::size_t>(size)}; }
};

/// Fan-in and fan-out of a weight: how many inputs an output sums, and how many outputs an input
/// reaches.
struct Fans {
  std::int64_t in = 0;
  std::int64_t out = 0;
};

struct Parameter {
  std::string name;       ///< PyTorch's: "3.weight"
  std::size_t layer = 0;  ///< index of the layer it belongs to
  ParameterKind kind = ParameterKind::weight;
  std::vector<std::int64_t> shape;  ///< PyTorch's
  Fans fans = {};                   ///< of weights and biases
  float initial = 0;                ///< of gammas, betas and scales
  bool trained = true;              ///< false: the optimizer leaves it alone
  bool stored = true;  ///< false: not part of checkpoints (gamma and beta that are off)
  /// Where the i-th element in PyTorch's order stands in ours; empty when both orders are the same.
  std::function<std::int64_t(std::int64_t)> position = {};
  ParameterSlice* slice = nullptr;  ///< the owner's
  std::int64_t offset = 0;          ///< in the flat buffers
};

/// Numbers that belong to the network's state but are not trained: running statistics.
struct StateTensor {
  std::string name;
  std::size_t layer = 0;  ///< index of the layer it belongs to
  std::vector<std::int64_t> shape;
  std::span<float> values = {};
  float initial = 0;
  std::function<std::int64_t(std::int64_t)> position = {};
  bool stored = true;  ///< false: not part of checkpoints
};

/// A count that belongs to the network's state: `num_batches_tracked`.
struct StateCounter {
  std::string name;
  std::int64_t* value = nullptr;
};

/// Takes gradients during a backward pass, piece by piece, and may change the parameters at once. A
/// layer gives it what it has just computed and still has in cache; such a gradient is then stored
/// nowhere. Called for different pieces on different threads at a time.
class GradientSink {
 public:
  virtual ~GradientSink() = default;
  /// `gradient` of elements [first, first + count) of a slice marked `given_in_backward`. Each
  /// element comes once.
  virtual void take(const ParameterSlice& slice, std::int64_t first, std::int64_t count,
                    const float* gradient) = 0;
};

/// A run of neighbouring trained parameters of one kind.
struct ParameterRun {
  ParameterKind kind = ParameterKind::weight;
  bool given_in_backward = false;
  std::int64_t offset = 0;
  std::int64_t size = 0;
};

/// All parameters in ONE buffer and all gradients in another of the same layout, sorted by kind,
/// and by whether a sink gets the gradient, so that an optimizer step takes few loops. Slices start
/// on cache lines; the gaps stay zero.
class ParameterBuffer {
 public:
  /// Lays out `parameters`, allocates, and points each slice at its place.
  explicit ParameterBuffer(std::vector<Parameter> parameters);

  std::span<const Parameter> parameters() const { return parameters_; }
  /// What an optimizer goes over: the trained parameters.
  std::span<const ParameterRun> runs() const { return runs_; }
  std::int64_t size() const { return static_cast<std::int64_t>(values_.size()); }
  float* values() const { return values_.data(); }
  float* gradients() const { return gradients_.data(); }

 private:
  std::vector<Parameter> parameters_;
  std::vector<ParameterRun> runs_;
  AlignedBuffer<float> values_;
  AlignedBuffer<float> gradients_;
};

}  // namespace normlab
