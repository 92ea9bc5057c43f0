#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "normlab/base/aligned_buffer.h"
#include "normlab/base/matrix.h"
#include "normlab/base/team.h"
#include "normlab/nn/layer_tree.h"
#include "normlab/nn/model_spec.h"
#include "normlab/nn/options.h"
#include "normlab/nn/parameters.h"
#include "normlab/nn/planner.h"
#include "normlab/nn/safetensors.h"
#include "normlab/nn/stage.h"

namespace normlab {

/// One line of a network's summary: a layer, or a residual block before what is in it.
struct LayerSummary {
  std::string label;  ///< "3: linear 64", "4.body.0: conv 16 3x3"
  std::string kind;   ///< "linear"
  Shape output;
  double flops = 0;
  bool fused = false;  ///< runs inside the layer before it
  std::int64_t parameters = 0;
  int depth = 0;  ///< residual blocks around it
  enum class Branch { none, body, shortcut };
  Branch branch = Branch::none;  ///< of the innermost block
};

/// What is known of a network without building it.
struct NetworkSummary {
  Shape input;
  Shape output;
  std::vector<LayerSummary> layers;
  std::vector<NormSite> norms;
  std::int64_t parameters = 0;
  std::int64_t activation_bytes = 0;  ///< arena of a network for the given number of examples
  double flops = 0;                   ///< forward, one example
};

/// Shapes and counts of `model` for inputs of `input`, for batches of `max_examples`; nothing large
/// is allocated. Throws RequestError where layers do not fit together.
NetworkSummary summarize(const ModelSpec& model, const Shape& input, const NetworkOptions& options,
                         std::int64_t max_examples);

/// Floating-point operations of one example in a training step, matrix products and convolutions
/// only: a forward pass, the gradient of the weights, and that of the input, which the first layer
/// with weights does not need; each of the three costs the same.
double training_flops(const NetworkSummary& summary);

/// Throws RequestError when a training batch of `examples` would give some batch norm one number
/// per channel, whose variance is nothing; names the layer and the ways out.
void check_training_batch(const NetworkSummary& summary, std::int64_t examples);

/// A network in memory: parameters and gradients in one flat buffer each, activations in one arena.
/// After construction a pass allocates nothing (oneDNN's own bookkeeping aside). Not thread-safe;
/// it works with the team it is lent, on whose size results do not depend.
class Network {
 public:
  struct Limits {
    std::int64_t max_examples = 64;  ///< largest batch
    bool input_gradient = false;  ///< `backward` also returns the gradient of the network's input
    /// Layers run inside the one before them where they can. Without, results agree to rounding,
    /// and an observer sees every layer's input.
    bool fuse = true;
  };

  /// `team` must outlive it; several networks may work with one team, by turns. Throws RequestError
  /// when layers do not fit together or the limits are below 1.
  Network(const ModelSpec& model, const Shape& input, const NetworkOptions& options,
          const Limits& limits, Team& team);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;
  ~Network();

  /// Draws all parameters and resets the running statistics. With InitMethod::file, loads the file.
  void initialize(const InitOptions& options, std::uint64_t seed);

  /// Outputs (examples x outputs) for the batch at `x` (examples x input size, rows without gaps),
  /// which must stay readable until the way back is done; they are readable until the next pass.
  /// `step` picks the dropout masks. Throws RequestError unless 1 <= examples <= max_examples.
  ConstMatrix forward(const float* x, std::int64_t examples, const Mode& mode,
                      std::uint64_t step = 0);

  /// Where `backward` expects the gradient of the outputs of the latest forward pass.
  Matrix output_gradient();

  /// Overwrites all parameter gradients. Returns the gradient of the input, null unless Limits
  /// asked for it. After a forward pass in evaluation mode, running statistics are constants.
  /// With a `sink`, it gets the gradients marked `given_in_backward` instead. Once for each forward
  /// pass, whose activations it writes gradients over; throws Error the second time.
  const float* backward(GradientSink* sink = nullptr);

  /// The first layer ("3: linear 64") whose output in the latest forward pass was not finite; empty
  /// when all were. Repeats that pass to see, tracking nothing; before `backward`.
  std::string find_non_finite();

  /// From the next forward pass on, `times` (with a row for each of layers()) gets the seconds of
  /// every pass, until null is given. Results stay the same.
  void record_times(LayerTimes* times) { times_ = times; }

  /// From the next forward pass on, `observer` sees the input of every layer that runs by itself,
  /// until null is given.
  void observe(LayerObserver* observer) { observer_ = observer; }

  ParameterBuffer& parameters() { return *parameters_; }
  std::span<const StateTensor> state() const { return state_; }

  /// Copies of all parameters and statistics with PyTorch's names, shapes and order (DESIGN section
  /// 6).
  std::vector<Tensor> save() const;
  /// The way back; see load_state.
  std::string load(const TensorFile& file);

  const Shape& input() const { return input_; }
  const Shape& output() const { return output_; }
  const std::vector<LayerSummary>& layers() const { return layers_; }

 private:
  Pass make_pass() const { return {mode_, examples_, seed_, step_, *team_, times_, observer_}; }
  /// All of the model's stages lead to it; 0, the input, when there are none.
  int output_value() const { return stages_.empty() ? 0 : stages_.back()->parts().output; }
  const float* run_stage(Stage& stage, const Pass& pass);
  void take_gradients(const Stage& stage, const Pass& pass, float* dy, float* dx);

  Shape input_;
  Shape output_;
  std::int64_t max_examples_ = 0;
  Team* team_;
  std::unique_ptr<LayerTree> tree_;  ///< where stages and layers point
  std::vector<LayerSummary> layers_;
  std::vector<std::unique_ptr<Stage>> stages_;
  AlignedBuffer<std::byte> arena_;
  std::unique_ptr<ParameterBuffer> parameters_;
  std::vector<StateTensor> state_;
  std::vector<StateCounter> counters_;
  std::unique_ptr<ArenaSlice<float>> output_gradient_;
  std::vector<bool> wants_gradient_;  ///< by value
  bool can_go_back_ = false;          ///< the latest pass was a forward pass
  std::uint64_t seed_ = 0;
  LayerTimes* times_ = nullptr;
  LayerObserver* observer_ = nullptr;
  // Of the latest forward pass.
  std::int64_t examples_ = 0;
  Mode mode_;
  std::uint64_t step_ = 0;
  std::vector<const float*> values_;  ///< by number (StageParts)
  std::vector<float*> gradients_;     ///< of the values, as far as the way back has come
};

/// Bytes of the arena of such a network, without building it.
std::int64_t arena_bytes(const ModelSpec& model, const Shape& input, const NetworkOptions& options,
                         const Network::Limits& limits);

}  // namespace normlab
