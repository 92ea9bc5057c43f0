#include "normlab/nn/state_dict.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include <fmt/ranges.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

constexpr std::string_view kRunningVariance = ".running_var";

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
  for (const StateTensor& s : state) {
    if (s.stored) visit(NamedValues{s.name, s.shape, s.values, s.position});
  }
}

/// A file's tensors by the names that are expected: what all names in the file have in front is
/// `prefix`.
class NamedTensors {
 public:
  NamedTensors(const TensorFile& file, std::string prefix)
      : file_(file), prefix_(std::move(prefix)) {}

  const Tensor& require(const std::string& name, const std::vector<std::int64_t>& shape) const {
    const Tensor* tensor = file_.find(prefix_ + name);
    if (tensor == nullptr) {
      fail(
          "tensor '{}' is missing; the file must hold the state of exactly this model with this "
          "norm",
          prefix_ + name);
    }
    if (tensor->shape != shape) {
      fail("tensor '{}' has shape [{}], expected [{}]", tensor->name,
           fmt::join(tensor->shape, ", "), fmt::join(shape, ", "));
    }
    return *tensor;
  }

 private:
  const TensorFile& file_;
  std::string prefix_;
};

/// "[1, 5]", of the i-th value.
std::string place_text(const Tensor& tensor, std::size_t i) {
  std::vector<std::int64_t> index(tensor.shape.size());
  auto rest = static_cast<std::int64_t>(i);
  for (std::size_t axis = index.size(); axis-- > 0;) {
    index[axis] = rest % tensor.shape[axis];
    rest /= tensor.shape[axis];
  }
  return fmt::format("[{}]", fmt::join(index, ", "));
}

/// The tensor's values, where all of them can be a network's.
std::vector<float> sound_values(const Tensor& tensor) {
  const bool is_variance = tensor.name.ends_with(kRunningVariance);
  std::vector<float> values = to_floats(tensor);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      fail(
          "tensor '{}' holds {} at {}, where a finite number was expected: the training that wrote "
          "it had diverged, or the file is damaged; take an earlier checkpoint",
          tensor.name, values[i], place_text(tensor, i));
    }
    if (is_variance && values[i] < 0) {
      fail("tensor '{}' holds {} at {}, but a variance is never negative: the file is damaged",
           tensor.name, values[i], place_text(tensor, i));
    }
  }
  return values;
}

std::int64_t sound_count(const Tensor& tensor) {
  const auto* values = std::get_if<std::vector<std::int64_t>>(&tensor.values);
  if (values == nullptr) fail("tensor '{}' must hold one 64-bit integer", tensor.name);
  if (values->front() < 0) {
    fail("tensor '{}' holds {}, but a count is never negative: the file is damaged", tensor.name,
         values->front());
  }
  return values->front();
}

/// The name that a state of these begins with; empty when it has nothing.
std::string first_name(std::span<const Parameter> parameters, std::span<const StateTensor> state) {
  std::string first;
  visit_entries(parameters, state, [&](const NamedValues& entry) {
    if (first.empty()) first = entry.name;
  });
  return first;
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

std::string common_prefix(const TensorFile& file, std::string_view name) {
  if (name.empty() || file.find(name) != nullptr) return "";
  for (const Tensor& tensor : file.tensors) {
    if (!tensor.name.ends_with(fmt::format(".{}", name))) continue;
    const std::string prefix = tensor.name.substr(0, tensor.name.size() - name.size());
    const auto has_it = [&](const Tensor& other) { return other.name.starts_with(prefix); };
    if (std::ranges::all_of(file.tensors, has_it)) return prefix;
  }
  return "";
}

std::string load_state(const TensorFile& file, std::span<const Parameter> parameters,
                       std::span<const StateTensor> state, std::span<const StateCounter> counters) {
  std::string prefix = common_prefix(file, first_name(parameters, state));
  const NamedTensors tensors(file, prefix);
  std::vector<std::vector<float>> values;
  visit_entries(parameters, state, [&](const NamedValues& entry) {
    values.push_back(sound_values(tensors.require(entry.name, entry.shape)));
  });
  std::vector<std::int64_t> counts;
  for (const StateCounter& counter : counters) {
    counts.push_back(sound_count(tensors.require(counter.name, {})));
  }
  const std::size_t expected = values.size() + counts.size();
  if (file.tensors.size() != expected) {
    fail("the file holds {} tensors, this model with this norm has {}", file.tensors.size(),
         expected);
  }

  auto next = values.begin();
  visit_entries(parameters, state, [&](const NamedValues& entry) {
    for (std::size_t i = 0; i < next->size(); ++i)
      entry.values[place(entry.position, i)] = (*next)[i];
    ++next;
  });
  for (std::size_t i = 0; i < counts.size(); ++i) *counters[i].value = counts[i];
  return prefix;
}

}  // namespace normlab
