#include "normlab/nn/planner.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "normlab/base/error.h"

namespace normlab {
namespace {

/// Keeps every size far below overflow; a network of this size is a slip of the keyboard.
constexpr std::int64_t kMaxParameters = std::int64_t{1} << 31;
constexpr std::int64_t kMaxArenaBytes = std::int64_t{1} << 36;

std::int64_t product(const std::vector<std::int64_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

}  // namespace

Planner::Planner(const NetworkOptions& options, const Limits& limits)
    : options_(options), limits_(limits) {}

void Planner::reserve_bytes(std::int64_t bytes, std::function<void(std::byte*)> bind) {
  requests_.push_back({bytes_, std::move(bind)});
  bytes_ += static_cast<std::int64_t>(padded_count<std::byte>(static_cast<std::size_t>(bytes)));
  if (bytes_ > kMaxArenaBytes) {
    fail(
        "the network's activations need more than {} GiB for {} examples at a time; use a smaller "
        "batch or fewer "
        "units",
        kMaxArenaBytes >> 30, limits_.max_examples);
  }
}

void Planner::lend_output(const ArenaSlice<float>& slice, std::int64_t count) {
  output_ = {&slice, count};
}

void Planner::begin_layer() {
  input_ = std::exchange(output_, {});
}

void Planner::reserve_input_gradient(ArenaSlice<float>& slice, std::int64_t count) {
  const Loan loan = std::exchange(input_, {});
  if (loan.slice == nullptr || loan.count != count) return reserve_gradient(slice, count);
  borrowers_.push_back({&slice, loan.slice});
}

void Planner::reserve_gradient(ArenaSlice<float>& slice, std::int64_t count) {
  const int turn = static_cast<int>(gradients_.size() % 2);
  gradient_size_[turn] = std::max(gradient_size_[turn], count);
  gradients_.push_back({&slice, turn});
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
  limits_.input_gradient = true;
}

void Planner::add_state(ArenaSlice<float>& slice, StateTensor tensor) {
  reserve(slice, product(tensor.shape));
  state_.push_back({&slice, std::move(tensor)});
}

void Planner::add_counter(ArenaSlice<std::int64_t>& slice, const std::string& name) {
  reserve(slice, 1);
  counters_.emplace_back(name, &slice);
}

AlignedBuffer<std::byte> Planner::allocate() {
  ArenaSlice<float> turns[2];
  for (const int turn : {0, 1}) reserve(turns[turn], gradient_size_[turn]);
  AlignedBuffer<std::byte> arena(static_cast<std::size_t>(bytes_));
  for (const Request& request : requests_) request.bind(arena.data() + request.offset);
  for (const GradientRequest& request : gradients_) request.slice->data = turns[request.turn].data;
  for (const Borrower& borrower : borrowers_) borrower.slice->data = borrower.lender->data;
  return arena;
}

std::vector<StateTensor> Planner::take_state() {
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
