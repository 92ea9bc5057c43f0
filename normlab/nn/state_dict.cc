#include "normlab/nn/state_dict.h"

#include <cstdint>
#include <functional>
#include <string>

#include <fmt/ranges.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

using Position = std::function<std::int64_t(std::int64_t)>;

std::size_t place(const Position& position, std::size_t i) {
  return position ? static_cast<std::size_t>(position(static_cast<std::int64_t>(i))) : i;
}

/// What parameters and statistics have in common here.
struct NamedValues {
  const std::string& name;
  const std::vector<std::int64_t>& shape;
  std::span<float> values;
  const Position& position;
};

template <class Visit>
void visit_entries(std::span<const Parameter> parameters, std::span<const StateTensor> state,
                   Visit visit) {
  for (const Parameter& p : parameters) {
    if (p.stored) visit(NamedValues{p.name, p.shape, p.slice->values(), p.position});
  }
  for (const StateTensor& s : state) visit(NamedValues{s.name, s.shape, s.values, s.position});
}

const Tensor& require(const TensorFile& file, const std::string& name,
                      const std::vector<std::int64_t>& shape) {
  const Tensor* tensor = file.find(name);
  if (tensor == nullptr) {
    fail(
        "tensor '{}' is missing; the file must hold the state of exactly this model with this norm",
        name);
  }
  if (tensor->shape != shape) {
    fail("tensor '{}' has shape [{}], expected [{}]", name, fmt::join(tensor->shape, ", "),
         fmt::join(shape, ", "));
  }
  return *tensor;
}

}  // namespace

std::vector<Tensor> save_state(std::span<const Parameter> parameters,
                               std::span<const StateTensor> state,
                               std::span<const StateCounter> counters) {
  std::vector<Tensor> tensors;
  visit_entries(parameters, state, [&](const NamedValues& entry) {
    std::vector<float> values(entry.values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = entry.values[place(entry.position, i)];
    tensors.push_back({entry.name, entry.shape, std::move(values)});
  });
  for (const StateCounter& counter : counters) {
    tensors.push_back({counter.name, {}, std::vector<std::int64_t>{*counter.value}});
  }
  return tensors;
}

void load_state(const TensorFile& file, std::span<const Parameter> parameters,
                std::span<const StateTensor> state, std::span<const StateCounter> counters) {
  std::size_t expected = counters.size();
  visit_entries(parameters, state, [&](const NamedValues& entry) {
    require(file, entry.name, entry.shape);
    ++expected;
  });
  for (const StateCounter& counter : counters) {
    if (!std::holds_alternative<std::vector<std::int64_t>>(
            require(file, counter.name, {}).values)) {
      fail("tensor '{}' must hold one 64-bit integer", counter.name);
    }
  }
  if (file.tensors.size() != expected) {
    fail("the file holds {} tensors, this model with this norm has {}", file.tensors.size(),
         expected);
  }
  visit_entries(parameters, state, [&](const NamedValues& entry) {
    const std::vector<float> values = to_floats(*file.find(entry.name));
    for (std::size_t i = 0; i < values.size(); ++i)
      entry.values[place(entry.position, i)] = values[i];
  });
  for (const StateCounter& counter : counters) {
    *counter.value = std::get<std::vector<std::int64_t>>(file.find(counter.name)->values).front();
  }
}

}  // namespace normlab
