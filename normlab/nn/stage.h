#pragma once

#include <cstdint>

#include "normlab/base/team.h"
#include "normlab/nn/fuse.h"
#include "normlab/nn/layer_times.h"
#include "normlab/nn/parameters.h"
#include "normlab/nn/planner.h"

namespace normlab {

class Epilogue;

/// Sees what flows through a network; must change nothing.
class LayerObserver {
 public:
  virtual ~LayerObserver() = default;
  /// In a forward pass, before a stage gets its input, which `layer` leads.
  virtual void on_input(const LayerNode& layer, const float* x) = 0;
};

/// Of what a norm takes its mean and variance.
enum class Statistics { batch, running };

/// What a forward pass is to do, three things apart.
struct Mode {
  Statistics statistics = Statistics::running;
  bool dropout = false;  ///< zeroes values
  bool track = false;    ///< running statistics move

  static const Mode training;    ///< batch statistics, dropout, tracking
  static const Mode evaluation;  ///< running statistics, and nothing else

  bool operator==(const Mode&) const = default;
};

inline constexpr Mode Mode::training{Statistics::batch, true, true};
inline constexpr Mode Mode::evaluation{};

/// What one forward or backward pass is told.
struct Pass {
  Mode mode;
  std::int64_t examples = 0;  ///< in this batch
  std::uint64_t seed = 0;     ///< of the trial, for dropout
  std::uint64_t step = 0;     ///< counts the training steps
  Team& team;
  LayerTimes* times = nullptr;        ///< null: nobody wants to know
  LayerObserver* observer = nullptr;  ///< null: nobody looks
  GradientSink* sink = nullptr;       ///< null: all gradients are stored
  bool looks_for_non_finite = false;  ///< behind every stage

  bool batch_statistics() const { return mode.statistics == Statistics::batch; }
  /// True when every stage must complete its output before the next begins: somebody looks.
  bool stage_by_stage() const { return observer != nullptr || looks_for_non_finite; }
};

/// What runs as one: see StageParts. Its life: made, planned, given memory, run. Memory belongs to
/// the network; a stage keeps slices of it. Not thread-safe: one pass at a time.
class Stage {
 public:
  explicit Stage(const StageParts& parts) : parts_(parts) {}
  virtual ~Stage() = default;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  const StageParts& parts() const { return parts_; }

  /// Registers parameters, reserves memory.
  virtual void plan(Planner& planner) = 0;

  /// Loops that a stage may do for the one right before it, whose output it reads; see Epilogue.
  /// Null when this stage has none to lend.
  virtual Epilogue* lendable() { return nullptr; }
  /// After all plans, from the stage before.
  virtual void borrow(Epilogue& /*before*/, std::int64_t /*max_examples*/) {}

  /// The output for the batch at `x`; `addend` is null unless a sum is taken here.
  virtual const float* forward(const Pass& pass, const float* x, const float* addend) = 0;

  /// From the gradient of the output (`dy`, overwritten) to that of the input, to which `also` is
  /// added unless it is null; null when the plan asked for none. Where a sum is taken here, dy
  /// holds the gradient of the sum afterwards. Parameter gradients are overwritten. Follows a
  /// forward pass in the same mode.
  virtual float* backward(const Pass& pass, float* dy, const float* also) = 0;

  /// The first layer in here whose values hold a NaN or infinity, right after `forward`; null when
  /// all are finite.
  virtual const LayerNode* find_non_finite(const Pass& pass) const = 0;

 private:
  StageParts parts_;
};

/// sum += gradient, `count` floats: for stages that do not do so on their way.
void add_gradient(const Pass& pass, float* sum, const float* gradient, std::int64_t count);

}  // namespace normlab
