#include "normlab/nn/planner.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "normlab/base/error.h"
#include "normlab/nn/fuse.h"

namespace normlab {
namespace {

/// Keeps every size far below overflow; a network of this size is a slip of the keyboard.
constexpr std::int64_t kMaxParameters = std::int64_t{1} << 31;
constexpr std::int64_t kMaxArenaBytes = std::int64_t{1} << 36;

/// The time at which the loss is computed: after the way forward, in which stage k runs at time k,
/// and before the way back, in which it runs as far behind this time as it ran before it.
constexpr std::int64_t kLossTime = 1 << 20;
constexpr std::int64_t kEnd = 2 * kLossTime + 1;

std::int64_t product(const std::vector<std::int64_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

void check_bytes(std::int64_t bytes, std::int64_t max_examples) {
  if (bytes <= kMaxArenaBytes) return;
  fail(
      "the network's activations need more than {} GiB for {} examples at a time; use a smaller "
      "batch or fewer units",
      kMaxArenaBytes >> 30, max_examples);
}

}  // namespace

Planner::Planner(const NetworkOptions& options, const Limits& limits)
    : options_(options), limits_(limits), values_(1) {
  values_[0].wants_gradient = limits.input_gradient;
  values_[0].gradient_end = kEnd;
}

std::int64_t Planner::backward_time(std::int64_t stage) {
  return 2 * kLossTime - stage;
}

void Planner::begin_stage(const StageParts& parts) {
  ++stage_;
  parts_ = &parts;
  has_parameters_ = false;
  gradient_in_place_ = false;
  values_.push_back({});
  use_value(parts.input, forward_time());
  if (parts.addend >= 0) use_value(parts.addend, forward_time());
}

void Planner::end_stage() {
  Value& output = value(parts_->output);
  output.wants_gradient = has_parameters_ || wants_gradient(parts_->input) ||
                          (parts_->addend >= 0 && wants_gradient(parts_->addend));
  output.gradient_end = backward_time(stage_);
  if (gradient_in_place_) {
    output.gradient_end = std::max(output.gradient_end, contribution_end(parts_->input));
  }
  if (parts_->addend >= 0) {
    output.gradient_end = std::max(output.gradient_end, contribution_end(parts_->addend));
  }
  value(parts_->input).last_reader = stage_;
}

/// When what the stage at hand contributes to the gradient of `number` is needed no more: when the
/// stage before it that had the value as its input has written the sum of both elsewhere, or else
/// when the value's maker has done with it. A stage before it that had the value as its addend adds
/// to what is there, and leaves it there.
std::int64_t Planner::contribution_end(int number) const {
  const Value& v = value(number);
  return v.last_reader >= 0 ? backward_time(v.last_reader) : v.gradient_end;
}

bool Planner::wants_gradient(int number) const {
  return value(number).wants_gradient;
}

bool Planner::input_gradient() const {
  return wants_gradient(parts_->input);
}

void Planner::use_value(int number, std::int64_t time) {
  for (; number > 0; number = value(number).returned) {
    if (value(number).block != kNoBlock) memory_.use(value(number).block, time);
  }
}

Planner::Block Planner::add_block(std::int64_t bytes, std::int64_t first, std::int64_t last) {
  check_bytes(bytes, limits_.max_examples);
  const Block block = memory_.add(bytes, first);
  memory_.use(block, last);
  return block;
}

Planner::Block Planner::add_block(std::int64_t bytes, Lifetime lifetime) {
  const std::int64_t forth = forward_time();
  const std::int64_t back = backward_time(stage_);
  switch (lifetime) {
    case Lifetime::forward:
      return add_block(bytes, forth, forth);
    case Lifetime::backward:
      return add_block(bytes, back, back);
    case Lifetime::step:
      return add_block(bytes, forth, back);
    case Lifetime::network:
      break;
  }
  return add_block(bytes, 0, kEnd);
}

void Planner::reserve_output(ArenaSlice<float>& slice, std::int64_t count) {
  Value& output = value(parts_->output);
  output.block = add_block(count * static_cast<std::int64_t>(sizeof(float)), Lifetime::forward);
  bind(slice, output.block);
}

void Planner::may_return_input() {
  value(parts_->output).returned = parts_->input;
}

void Planner::keep_input() {
  use_value(parts_->input, backward_time(stage_));
}

void Planner::keep_output() {
  use_value(parts_->output, backward_time(stage_));
}

void Planner::keep_addend_for_next() {
  use_value(parts_->addend, forward_time() + 1);
}

void Planner::reserve_input_gradient(ArenaSlice<float>& slice, std::int64_t count,
                                     Overwrites what) {
  const Block block = add_block(count * static_cast<std::int64_t>(sizeof(float)),
                                backward_time(stage_), contribution_end(parts_->input));
  const Block input = value(parts_->input).block;
  // What may be another value's memory is left alone: that one may be read for longer.
  const bool its_own = input != kNoBlock && value(parts_->input).returned < 0;
  if (what == Overwrites::input && its_own) memory_.prefer(block, input);
  bind(slice, block);
}

void Planner::pass_gradient_on() {
  gradient_in_place_ = true;
}

void Planner::add_output_gradient(ArenaSlice<float>& slice, std::int64_t count) {
  const int last = static_cast<int>(values_.size()) - 1;
  use_value(last, kLossTime);
  const std::int64_t end = last == 0 ? kLossTime : value(last).gradient_end;
  bind(slice, add_block(count * static_cast<std::int64_t>(sizeof(float)), kLossTime, end));
}

void Planner::add_parameter(ParameterSlice& slice, Parameter parameter) {
  slice.size = product(parameter.shape);
  parameter.slice = &slice;
  parameter_count_ += slice.size;
  if (parameter_count_ > kMaxParameters) {
    fail("'{}' brings the network to {} parameters; {} is the most", parameter.name,
         parameter_count_, kMaxParameters);
  }
  parameters_.push_back(std::move(parameter));
  has_parameters_ = true;
}

void Planner::add_state(ArenaSlice<float>& slice, StateTensor tensor) {
  reserve(slice, product(tensor.shape), Lifetime::network);
  state_.push_back({&slice, std::move(tensor)});
}

void Planner::add_counter(ArenaSlice<std::int64_t>& slice, const std::string& name) {
  reserve(slice, 1, Lifetime::network);
  counters_.emplace_back(name, &slice);
}

std::vector<Parameter> Planner::take_parameters() {
  std::ranges::stable_sort(parameters_, {}, &Parameter::layer);
  return std::move(parameters_);
}

std::int64_t Planner::place() {
  if (!std::exchange(placed_, true)) memory_.place();
  check_bytes(memory_.bytes(), limits_.max_examples);
  return memory_.bytes();
}

AlignedBuffer<std::byte> Planner::allocate() {
  AlignedBuffer<std::byte> arena(static_cast<std::size_t>(place()));
  for (const Binding& binding : bindings_) {
    binding.bind(arena.data() + memory_.offset(binding.block));
  }
  return arena;
}

std::vector<StateTensor> Planner::take_state() {
  std::ranges::stable_sort(state_, {},
                           [](const StateRequest& request) { return request.tensor.layer; });
  std::vector<StateTensor> tensors;
  for (StateRequest& request : state_) {
    request.tensor.values = {request.slice->data,
                             static_cast<std::size_t>(product(request.tensor.shape))};
    tensors.push_back(std::move(request.tensor));
  }
  return tensors;
}

std::vector<StateCounter> Planner::take_counters() {
  std::vector<StateCounter> counters;
  for (const auto& [name, slice] : counters_) counters.push_back({name, slice->data});
  return counters;
}

}  // namespace normlab
