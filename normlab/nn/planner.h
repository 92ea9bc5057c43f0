#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "normlab/base/aligned_buffer.h"
#include "normlab/nn/options.h"
#include "normlab/nn/parameters.h"
#include "normlab/nn/shape.h"

namespace normlab {

/// A layer's piece of the arena, set when the network is built.
template <class T>
struct ArenaSlice {
  T* data = nullptr;
};

/// Where a batch norm stands, and how many rows each example brings to its statistics.
struct NormSite {
  std::string label;
  std::int64_t positions = 1;
};

/// Collects what layers need while shapes flow through the network; then everything is allocated at
/// once.
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

  /// A dry plan only checks shapes and counts; layers make nothing costly and nothing is allocated.
  bool dry() const { return limits_.dry; }

  /// True when the layer being planned must pass a gradient on: some layer before it has
  /// parameters.
  bool input_gradient() const { return limits_.input_gradient; }

  /// `count` values of scratch or activation memory, kept for the network's life.
  template <class T>
  void reserve(ArenaSlice<T>& slice, std::int64_t count) {
    reserve_bytes(count * static_cast<std::int64_t>(sizeof(T)),
                  [&slice](std::byte* place) { slice.data = reinterpret_cast<T*>(place); });
  }

  /// Says that the layer being planned does not read its output on the way back, which lies in
  /// `slice`: the layer that reads it may put its gradient there.
  void lend_output(const ArenaSlice<float>& slice, std::int64_t count);
  /// Before a layer is planned whose input is the output of the one planned before.
  void begin_layer();

  /// Room for the gradient of a layer's input: the input's own where that is lent, which saves the
  /// caches an array. So a layer may write no part of the gradient before it has read that part of
  /// its input for the last time.
  void reserve_input_gradient(ArenaSlice<float>& slice, std::int64_t count);
  /// Two buffers serve all other gradients by turns, since a layer reads the gradient of its output
  /// while it writes that of its input, and nobody needs either afterwards.
  void reserve_gradient(ArenaSlice<float>& slice, std::int64_t count);

  /// Registers a parameter; the size of `slice` is taken from `parameter.shape`. Layers planned
  /// later have a gradient to pass on.
  void add_parameter(ParameterSlice& slice, Parameter parameter);
  /// Registers running statistics and gives them memory; `tensor.values` is filled in by
  /// `allocate`.
  void add_state(ArenaSlice<float>& slice, StateTensor tensor);

  void add_counter(ArenaSlice<std::int64_t>& slice, const std::string& name);

  /// 0, 1, 2, ... for the network's dropout layers.
  std::uint64_t next_dropout() { return dropouts_++; }

  void note_norm(NormSite site) { norms_.push_back(std::move(site)); }
  const std::vector<NormSite>& norms() const { return norms_; }

  std::int64_t parameter_count() const { return parameter_count_; }
  std::int64_t arena_bytes() const { return bytes_; }

  std::vector<Parameter> take_parameters() { return std::move(parameters_); }
  /// Allocates the arena and points every slice into it.
  AlignedBuffer<std::byte> allocate();
  /// The registered statistics; after `allocate`.
  std::vector<StateTensor> take_state();
  std::vector<StateCounter> take_counters();

 private:
  struct Request {
    std::int64_t offset = 0;
    std::function<void(std::byte*)> bind;
  };
  struct GradientRequest {
    ArenaSlice<float>* slice = nullptr;
    int turn = 0;
  };
  struct Loan {
    const ArenaSlice<float>* slice = nullptr;  ///< null: nothing is lent
    std::int64_t count = 0;
  };
  struct Borrower {
    ArenaSlice<float>* slice = nullptr;
    const ArenaSlice<float>* lender = nullptr;
  };
  struct StateRequest {
    ArenaSlice<float>* slice = nullptr;
    StateTensor tensor;
  };

  void reserve_bytes(std::int64_t bytes, std::function<void(std::byte*)> bind);

  NetworkOptions options_;
  Limits limits_;
  std::int64_t bytes_ = 0;
  std::int64_t parameter_count_ = 0;
  std::vector<Request> requests_;
  std::vector<GradientRequest> gradients_;
  std::int64_t gradient_size_[2] = {0, 0};
  Loan input_;   ///< to the layer being planned
  Loan output_;  ///< by it
  std::vector<Borrower> borrowers_;
  std::vector<Parameter> parameters_;
  std::vector<StateRequest> state_;
  std::vector<NormSite> norms_;
  std::uint64_t dropouts_ = 0;
  std::vector<std::pair<std::string, ArenaSlice<std::int64_t>*>> counters_;
};

}  // namespace normlab
