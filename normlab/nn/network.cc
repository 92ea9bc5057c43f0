#include "normlab/nn/network.h"

#include <algorithm>
#include <string>
#include <utility>

#include "normlab/base/error.h"
#include "normlab/base/flush_denormals.h"
#include "normlab/nn/initializer.h"
#include "normlab/nn/registry.h"
#include "normlab/nn/state_dict.h"

namespace normlab {
namespace {

std::unique_ptr<Sequential> make_layers(const ModelSpec& model, const NetworkOptions& options,
                                        bool fuse) {
  std::vector<std::unique_ptr<Layer>> layers;
  for (const std::string& text : model.layers) layers.push_back(make_layer(text, options));
  return std::make_unique<Sequential>(std::move(layers), fuse);
}

/// Parameters belong to the layer whose name theirs starts with: "1.weight" to "1: linear 128".
void count_parameters(const std::vector<Parameter>& parameters, std::vector<LayerSummary>& layers) {
  for (const Parameter& parameter : parameters) {
    const std::string layer = parameter.name.substr(0, parameter.name.rfind('.')) + ": ";
    for (LayerSummary& summary : layers) {
      if (summary.label.starts_with(layer)) summary.parameters += parameter.slice->size;
    }
  }
}

}  // namespace

NetworkSummary summarize(const ModelSpec& model, const Shape& input, const NetworkOptions& options,
                         std::int64_t max_examples) {
  Planner planner(options, {.max_examples = max_examples, .dry = true});
  const auto root = make_layers(model, options, true);
  NetworkSummary summary;
  summary.input = input;
  summary.output = root->plan(planner, input);
  summary.layers = root->summary();
  summary.norms = planner.norms();
  summary.parameters = planner.parameter_count();
  summary.activation_bytes = planner.arena_bytes();
  count_parameters(planner.take_parameters(), summary.layers);
  summary.flops = root->flops();
  return summary;
}

double training_flops(const NetworkSummary& summary) {
  const auto first = std::ranges::find_if(
      summary.layers, [](const LayerSummary& layer) { return layer.flops > 0; });
  return 3 * summary.flops - (first == summary.layers.end() ? 0 : first->flops);
}

void check_training_batch(const NetworkSummary& summary, std::int64_t examples) {
  for (const NormSite& norm : summary.norms) {
    if (examples * norm.positions > 1) continue;
    fail(
        "a training batch of 1 example gives layer '{}' a single number per channel, which has no "
        "variance; "
        "drop that batch (tail=drop), join it to another (tail=merge or tail=wrap), or choose a "
        "batch size "
        "that leaves no rest of 1",
        norm.label);
  }
}

Network::Network(const ModelSpec& model, const Shape& input, const NetworkOptions& options,
                 const Limits& limits)
    : input_(input),
      pool_(std::make_unique<ThreadPool>(limits.threads)),
      root_(make_layers(model, options, limits.fuse)),
      output_gradient_(std::make_unique<ArenaSlice<float>>()) {
  Planner planner(options, {.max_examples = limits.max_examples,
                            .threads = limits.threads,
                            .input_gradient = limits.input_gradient});
  output_ = root_->plan(planner, input);
  planner.reserve_gradient(*output_gradient_, limits.max_examples * output_.size());
  arena_ = planner.allocate();
  parameters_ = std::make_unique<ParameterBuffer>(planner.take_parameters());
  state_ = planner.take_state();
  counters_ = planner.take_counters();
}

Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;
Network::~Network() = default;

void Network::initialize(const InitOptions& options, std::uint64_t seed) {
  seed_ = seed;
  const Initializer initializer(options, seed);
  for (const Parameter& parameter : parameters_->parameters()) initializer.fill(parameter);
  for (const StateTensor& tensor : state_) std::ranges::fill(tensor.values, tensor.initial);
  for (const StateCounter& counter : counters_) *counter.value = 0;
  if (options.method == InitMethod::file) load(read_safetensors(options.file));
}

ConstMatrix Network::forward(const float* x, std::int64_t examples, Mode mode, std::uint64_t step) {
  examples_ = examples;
  mode_ = mode;
  step_ = step;
  can_go_back_ = true;
  const FlushDenormals flush;
  return {root_->forward(make_pass(), x), examples, output_.size(), output_.size()};
}

Matrix Network::output_gradient() {
  return {output_gradient_->data, examples_, output_.size(), output_.size()};
}

const float* Network::backward(GradientSink* sink) {
  if (!std::exchange(can_go_back_, false)) {
    fail<Error>("backward needs a forward pass before it: call forward once more");
  }
  const FlushDenormals flush;
  Pass pass = make_pass();
  pass.sink = sink;
  return root_->backward(pass, output_gradient_->data);
}

std::string Network::find_non_finite() const {
  return root_->find_non_finite(make_pass());
}

std::vector<Tensor> Network::save() const {
  return save_state(parameters_->parameters(), state_, counters_);
}

std::string Network::load(const TensorFile& file) {
  return load_state(file, parameters_->parameters(), state_, counters_);
}

}  // namespace normlab
