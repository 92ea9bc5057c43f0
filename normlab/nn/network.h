#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "normlab/base/aligned_buffer.h"
#include "normlab/base/matrix.h"
#include "normlab/base/thread_pool.h"
#include "normlab/nn/model_spec.h"
#include "normlab/nn/options.h"
#include "normlab/nn/parameters.h"
#include "normlab/nn/planner.h"
#include "normlab/nn/safetensors.h"
#include "normlab/nn/sequential.h"

namespace normlab {

enum class Mode { training, evaluation };

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
/// it uses its own threads. Results do not depend on their number.
class Network {
 public:
  struct Limits {
    std::int64_t max_examples = 64;  ///< largest batch
    int threads = 1;
    bool input_gradient = false;  ///< `backward` also returns the gradient of the network's input
    /// Layers run inside the one before them where they can. Without, results agree to rounding,
    /// and an observer sees every layer's input.
    bool fuse = true;
  };

  Network(const ModelSpec& model, const Shape& input, const NetworkOptions& options,
          const Limits& limits);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;
  ~Network();

  /// Draws all parameters and resets the running statistics. With InitMethod::file, loads the file.
  void initialize(const InitOptions& options, std::uint64_t seed);

  /// Outputs (examples x outputs) for the batch at `x` (examples x input size, rows without gaps);
  /// readable until the next pass. In training mode batch statistics are used, running ones
  /// updated, and `step` picks the dropout masks.
  ConstMatrix forward(const float* x, std::int64_t examples, Mode mode, std::uint64_t step = 0);

  /// Where `backward` expects the gradient of the outputs of the latest forward pass.
  Matrix output_gradient();

  /// Overwrites all parameter gradients. Returns the gradient of the input, null unless Limits
  /// asked for it. After a forward pass in evaluation mode, running statistics are constants.
  /// With a `sink`, it gets the gradients marked `given_in_backward` instead. Once for each forward
  /// pass, whose activations it writes gradients over; throws Error the second time.
  const float* backward(GradientSink* sink = nullptr);

  /// The first layer ("3: linear 64") whose output in the latest forward pass was not finite; empty
  /// when all were. Before `backward`.
  std::string find_non_finite() const;

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
  const std::vector<LayerSummary>& layers() const { return root_->summary(); }

 private:
  Pass make_pass() const {
    return {mode_ == Mode::training, examples_, seed_, step_, *pool_, times_, observer_};
  }

  Shape input_;
  Shape output_;
  std::unique_ptr<ThreadPool> pool_;
  std::unique_ptr<Sequential> root_;
  AlignedBuffer<std::byte> arena_;
  std::unique_ptr<ParameterBuffer> parameters_;
  std::vector<StateTensor> state_;
  std::vector<StateCounter> counters_;
  std::unique_ptr<ArenaSlice<float>> output_gradient_;
  bool can_go_back_ = false;  ///< the latest pass was a forward pass
  std::uint64_t seed_ = 0;
  LayerTimes* times_ = nullptr;
  LayerObserver* observer_ = nullptr;
  // Of the latest forward pass.
  std::int64_t examples_ = 0;
  Mode mode_ = Mode::evaluation;
  std::uint64_t step_ = 0;
};

}  // namespace normlab
