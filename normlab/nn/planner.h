#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "normlab/base/aligned_buffer.h"
#include "normlab/nn/memory_plan.h"
#include "normlab/nn/options.h"
#include "normlab/nn/parameters.h"
#include "normlab/nn/shape.h"

namespace normlab {

struct StageParts;

/// A stage's piece of the arena, set when the network is built.
template <class T>
struct ArenaSlice {
  T* data = nullptr;
};

/// Where a norm stands whose statistics are taken over examples, and how many rows each brings.
struct NormSite {
  std::string label;
  std::int64_t positions = 1;
};

/// How long memory is needed, seen from the stage that reserves it.
enum class Lifetime {
  forward,   ///< while it runs forward
  backward,  ///< while it runs backward
  step,      ///< from its way forward to its way back
  network,   ///< always: state, and what is small
};

/// Collects what stages need, in the order in which they run forward; then everything is allocated
/// at once, and what is not needed at the same time shares memory. A stage says what it makes and
/// what it still reads on the way back; where things lie is not its affair.
class Planner {
 public:
  struct Limits {
    std::int64_t max_examples = 1;
    int threads = 1;
    bool input_gradient = false;  ///< of the network's own input, too
    bool dry = false;
  };
  Planner(const NetworkOptions& options, const Limits& limits);

  const NetworkOptions& options() const { return options_; }
  /// Buffers hold so many examples.
  std::int64_t max_examples() const { return limits_.max_examples; }
  /// So many pieces run at a time.
  int threads() const { return limits_.threads; }
  /// A dry plan only checks and counts; stages make nothing costly and nothing is allocated.
  bool dry() const { return limits_.dry; }

  // For whoever goes through the stages.

  void begin_stage(const StageParts& parts);
  void end_stage();
  /// After the last stage: room for the gradient of the network's output.
  void add_output_gradient(ArenaSlice<float>& slice, std::int64_t count);
  /// Whether anything wants the gradient of a value: parameters made it, or the plan asks for the
  /// network's input's.
  bool wants_gradient(int value) const;

  // For the stage being planned.

  /// True when it must pass a gradient on to its input.
  bool input_gradient() const;

  template <class T>
  void reserve(ArenaSlice<T>& slice, std::int64_t count, Lifetime lifetime) {
    bind(slice, add_block(count * static_cast<std::int64_t>(sizeof(T)), lifetime));
  }
  /// Where it makes its output.
  void reserve_output(ArenaSlice<float>& slice, std::int64_t count);
  /// Its output may be its input's memory itself.
  void may_return_input();
  /// It reads its input, or its output, on the way back.
  void keep_input();
  void keep_output();
  /// What it adds is read until the next stage is done: that one may do the sum for it.
  void keep_addend_for_next();
  enum class Overwrites { nothing, input };
  /// Room for the gradient of its input. `Overwrites::input`: it writes no part of the gradient
  /// before it has read that part of its input for the last time.
  void reserve_input_gradient(ArenaSlice<float>& slice, std::int64_t count, Overwrites what);
  /// It turns the gradient of its output into that of its input in place.
  void pass_gradient_on();

  /// Registers a parameter; the size of `slice` is taken from `parameter.shape`.
  void add_parameter(ParameterSlice& slice, Parameter parameter);
  /// Registers running statistics and gives them memory; `tensor.values` is filled in by
  /// `allocate`.
  void add_state(ArenaSlice<float>& slice, StateTensor tensor);
  void add_counter(ArenaSlice<std::int64_t>& slice, const std::string& name);

  /// 0, 1, 2, ... for the network's dropout layers.
  std::uint64_t next_dropout() { return dropouts_++; }

  void note_norm(NormSite site) { norms_.push_back(std::move(site)); }

  // After the last stage.

  const std::vector<NormSite>& norms() const { return norms_; }
  std::int64_t parameter_count() const { return parameter_count_; }
  /// In the order of the layers. The arena's size is known then.
  std::vector<Parameter> take_parameters();
  std::int64_t place();
  /// Allocates the arena and points every slice into it.
  AlignedBuffer<std::byte> allocate();
  /// The registered statistics; after `allocate`.
  std::vector<StateTensor> take_state();
  std::vector<StateCounter> take_counters();

 private:
  using Block = MemoryPlan::Block;
  static constexpr Block kNoBlock = static_cast<Block>(-1);

  /// What a stage made; value 0 is the network's input and has no block.
  struct Value {
    Block block = kNoBlock;
    int returned = -1;  ///< the value that it may be
    bool wants_gradient = false;
    std::int64_t gradient_end = 0;  ///< when its maker has done with its gradient
    std::int64_t last_reader = -1;  ///< the stage planned last that has it as its input
  };
  struct Binding {
    Block block = 0;
    std::function<void(std::byte*)> bind;
  };
  struct StateRequest {
    ArenaSlice<float>* slice = nullptr;
    StateTensor tensor;
  };

  std::int64_t forward_time() const { return stage_; }
  static std::int64_t backward_time(std::int64_t stage);
  std::int64_t contribution_end(int value) const;
  Value& value(int number) { return values_[static_cast<std::size_t>(number)]; }
  const Value& value(int number) const { return values_[static_cast<std::size_t>(number)]; }
  void use_value(int number, std::int64_t time);
  Block add_block(std::int64_t bytes, Lifetime lifetime);
  Block add_block(std::int64_t bytes, std::int64_t first, std::int64_t last);
  template <class T>
  void bind(ArenaSlice<T>& slice, Block block) {
    bindings_.push_back(
        {block, [&slice](std::byte* place) { slice.data = reinterpret_cast<T*>(place); }});
  }

  NetworkOptions options_;
  Limits limits_;
  MemoryPlan memory_;
  bool placed_ = false;
  std::vector<Binding> bindings_;
  std::vector<Value> values_;
  std::int64_t stage_ = -1;
  const StageParts* parts_ = nullptr;
  bool has_parameters_ = false;  ///< the stage being planned
  bool gradient_in_place_ = false;
  std::int64_t parameter_count_ = 0;
  std::vector<Parameter> parameters_;
  std::vector<StateRequest> state_;
  std::vector<NormSite> norms_;
  std::uint64_t dropouts_ = 0;
  std::vector<std::pair<std::string, ArenaSlice<std::int64_t>*>> counters_;
};

}  // namespace normlab
