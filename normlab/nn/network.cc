#include "normlab/nn/network.h"

#include <algorithm>
#include <string>
#include <utility>

#include "normlab/base/error.h"
#include "normlab/base/flush_denormals.h"
#include "normlab/nn/initializer.h"
#include "normlab/nn/row_stage.h"
#include "normlab/nn/state_dict.h"

namespace normlab {
namespace {

using Stages = std::vector<std::unique_ptr<Stage>>;

Stages make_stages(const LayerTree& tree, bool input_gradient, bool each_alone) {
  Stages stages;
  for (const StageParts& parts : fuse(tree, input_gradient, each_alone)) {
    stages.push_back(parts.producer != nullptr ? parts.producer->layer->make_stage(parts)
                                               : std::make_unique<RowStage>(parts, nullptr));
  }
  return stages;
}

void plan_stages(const Stages& stages, Planner& planner) {
  for (const auto& stage : stages) {
    planner.begin_stage(stage->parts());
    try {
      stage->plan(planner);
    } catch (const RequestError& error) {
      fail("layer '{}': {}", stage->parts().head().label(), error.what());
    }
    planner.end_stage();
  }
}

/// Lends the loops of a stage to the next where that reads its output, and is the last on the way
/// back that adds to its gradient.
void lend_loops(const Stages& stages, std::int64_t max_examples) {
  for (std::size_t i = 1; i < stages.size(); ++i) {
    Epilogue* before = stages[i - 1]->lendable();
    const StageParts& parts = stages[i]->parts();
    if (before == nullptr || parts.input != stages[i - 1]->parts().output) continue;
    if (parts.addend != parts.input) stages[i]->borrow(*before, max_examples);
  }
}

using Branch = LayerSummary::Branch;

void add_rows(const LayerTree& tree, int depth, Branch branch, std::vector<LayerSummary>& rows) {
  for (const LayerNode& node : tree) {
    rows.push_back({.label = node.label(),
                    .kind = node.kind(),
                    .output = node.output,
                    .flops = node.is_residual() ? 0 : node.layer->flops(node.input),
                    .fused = !node.is_residual(),
                    .depth = depth,
                    .branch = branch});
    add_rows(node.body, depth + 1, Branch::body, rows);
    add_rows(node.shortcut, depth + 1, Branch::shortcut, rows);
  }
}

/// Rows in the order of LayerNode::index. A layer that is part of a stage, but not its head, runs
/// inside the layer before it; so does one that is nothing at all.
std::vector<LayerSummary> summarize_layers(const LayerTree& tree, const Stages& stages,
                                           std::span<const Parameter> parameters) {
  std::vector<LayerSummary> rows;
  add_rows(tree, 0, Branch::none, rows);
  for (const auto& stage : stages) rows[stage->parts().head().index].fused = false;
  for_each_node(tree, [&](const LayerNode& node) {
    if (!node.is_residual() && node.layer->role() == LayerRole::view) {
      rows[node.index].fused = false;
    }
  });
  for (const Parameter& parameter : parameters) {
    rows[parameter.layer].parameters += parameter.slice->size;
  }
  return rows;
}

const Shape& output_of(const LayerTree& tree) {
  return tree.back().output;
}

void check_limits(const Shape& input, const Network::Limits& limits) {
  if (limits.max_examples < 1) {
    fail("max_examples is {}: expected the largest batch, at least 1", limits.max_examples);
  }
  if (input.height < 1 || input.width < 1 || input.channels < 1) {
    fail("an input of {}x{}x{}: expected sizes of at least 1", input.height, input.width,
         input.channels);
  }
}

}  // namespace

NetworkSummary summarize(const ModelSpec& model, const Shape& input, const NetworkOptions& options,
                         std::int64_t max_examples) {
  const LayerTree tree = make_layer_tree(model.layers, input, options);
  const Stages stages = make_stages(tree, false, false);
  Planner planner(options, {.max_examples = max_examples, .dry = true});
  plan_stages(stages, planner);
  NetworkSummary summary;
  summary.input = input;
  summary.output = output_of(tree);
  summary.norms = planner.norms();
  summary.parameters = planner.parameter_count();
  summary.activation_bytes = planner.place();
  summary.layers = summarize_layers(tree, stages, planner.take_parameters());
  for (const LayerSummary& layer : summary.layers) summary.flops += layer.flops;
  return summary;
}

std::int64_t arena_bytes(const ModelSpec& model, const Shape& input, const NetworkOptions& options,
                         const Network::Limits& limits) {
  const LayerTree tree = make_layer_tree(model.layers, input, options);
  const Stages stages = make_stages(tree, limits.input_gradient, !limits.fuse);
  Planner planner(
      options,
      {.max_examples = limits.max_examples, .input_gradient = limits.input_gradient, .dry = true});
  plan_stages(stages, planner);
  return planner.place();
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
                 const Limits& limits, Team& team)
    : input_(input),
      max_examples_(limits.max_examples),
      team_(&team),
      output_gradient_(std::make_unique<ArenaSlice<float>>()) {
  check_limits(input, limits);
  tree_ = std::make_unique<LayerTree>(make_layer_tree(model.layers, input, options));
  output_ = output_of(*tree_);
  stages_ = make_stages(*tree_, limits.input_gradient, !limits.fuse);
  Planner planner(options, {.max_examples = limits.max_examples,
                            .threads = team.threads(),
                            .input_gradient = limits.input_gradient});
  plan_stages(stages_, planner);
  if (limits.fuse) lend_loops(stages_, limits.max_examples);
  planner.add_output_gradient(*output_gradient_, limits.max_examples * output_.size());
  for (std::size_t value = 0; value <= stages_.size(); ++value) {
    wants_gradient_.push_back(planner.wants_gradient(static_cast<int>(value)));
  }
  arena_ = planner.allocate();
  parameters_ = std::make_unique<ParameterBuffer>(planner.take_parameters());
  state_ = planner.take_state();
  counters_ = planner.take_counters();
  layers_ = summarize_layers(*tree_, stages_, parameters_->parameters());
  values_.resize(stages_.size() + 1);
  gradients_.resize(stages_.size() + 1);
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

const float* Network::run_stage(Stage& stage, const Pass& pass) {
  const StageParts& parts = stage.parts();
  const auto at = [&](int value) { return values_[static_cast<std::size_t>(value)]; };
  const LayerTimes::Leading time(pass.times, parts.head().index, Way::forward);
  if (pass.observer != nullptr) pass.observer->on_input(parts.head(), at(parts.input));
  const float* addend = parts.addend < 0 ? nullptr : at(parts.addend);
  return values_[static_cast<std::size_t>(parts.output)] =
             stage.forward(pass, at(parts.input), addend);
}

ConstMatrix Network::forward(const float* x, std::int64_t examples, const Mode& mode,
                             std::uint64_t step) {
  if (examples < 1 || examples > max_examples_) {
    fail("a batch of {} examples: this network takes 1 to {} at a time (max_examples)", examples,
         max_examples_);
  }
  examples_ = examples;
  mode_ = mode;
  step_ = step;
  can_go_back_ = true;
  values_[0] = x;
  const FlushDenormals flush;
  const Pass pass = make_pass();
  for (const auto& stage : stages_) run_stage(*stage, pass);
  return {values_[static_cast<std::size_t>(output_value())], examples, output_.size(),
          output_.size()};
}

Matrix Network::output_gradient() {
  return {output_gradient_->data, examples_, output_.size(), output_.size()};
}

/// What a stage's way back leaves: dx at its input, with what came there before, and dy at the
/// other end of its sum.
void Network::take_gradients(const Stage& stage, const Pass& pass, float* dy, float* dx) {
  const StageParts& parts = stage.parts();
  const auto gradient = [&](int value) -> float*& {
    return gradients_[static_cast<std::size_t>(value)];
  };
  const auto wants = [&](int value) { return wants_gradient_[static_cast<std::size_t>(value)]; };
  gradient(parts.input) = dx;
  if (parts.addend < 0 || !wants(parts.addend)) return;
  float*& at_addend = gradient(parts.addend);
  if (at_addend == nullptr) {
    at_addend = dy;
  } else {
    add_gradient(pass, at_addend, dy, examples_ * parts.shape().size());
  }
}

const float* Network::backward(GradientSink* sink) {
  if (!std::exchange(can_go_back_, false)) {
    fail<Error>("backward needs a forward pass before it: call forward once more");
  }
  const FlushDenormals flush;
  Pass pass = make_pass();
  pass.sink = sink;
  std::ranges::fill(gradients_, nullptr);
  gradients_[static_cast<std::size_t>(output_value())] = output_gradient_->data;
  for (auto next = stages_.rbegin(); next != stages_.rend(); ++next) {
    Stage& stage = **next;
    const StageParts& parts = stage.parts();
    if (!wants_gradient_[static_cast<std::size_t>(parts.output)]) continue;
    const LayerTimes::Leading time(pass.times, parts.head().index, Way::backward);
    float* dy = gradients_[static_cast<std::size_t>(parts.output)];
    const float* also = gradients_[static_cast<std::size_t>(parts.input)];
    take_gradients(stage, pass, dy, stage.backward(pass, dy, also));
  }
  return wants_gradient_[0] ? gradients_[0] : nullptr;
}

std::string Network::find_non_finite() {
  const FlushDenormals flush;
  Pass pass = make_pass();
  pass.mode.track = false;
  pass.times = nullptr;
  pass.observer = nullptr;
  pass.looks_for_non_finite = true;
  for (const auto& stage : stages_) {
    run_stage(*stage, pass);
    if (const LayerNode* node = stage->find_non_finite(pass)) return node->label();
  }
  return {};
}

std::vector<Tensor> Network::save() const {
  return save_state(parameters_->parameters(), state_, counters_);
}

std::string Network::load(const TensorFile& file) {
  return load_state(file, parameters_->parameters(), state_, counters_);
}

}  // namespace normlab
