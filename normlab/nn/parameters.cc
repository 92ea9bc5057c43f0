#include "normlab/nn/parameters.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace normlab {

ParameterBuffer::ParameterBuffer(std::vector<Parameter> parameters)
    : parameters_(std::move(parameters)) {
  std::vector<Parameter*> order;
  for (Parameter& parameter : parameters_) order.push_back(&parameter);
  std::stable_sort(order.begin(), order.end(), [](const Parameter* a, const Parameter* b) {
    return std::tuple(!a->trained, a->kind, !a->slice->given_in_backward) <
           std::tuple(!b->trained, b->kind, !b->slice->given_in_backward);
  });

  std::int64_t size = 0;
  for (Parameter* parameter : order) {
    parameter->offset = size;
    size += static_cast<std::int64_t>(
        padded_count<float>(static_cast<std::size_t>(parameter->slice->size)));
    if (!parameter->trained) continue;
    const bool given = parameter->slice->given_in_backward;
    if (runs_.empty() || runs_.back().kind != parameter->kind ||
        runs_.back().given_in_backward != given) {
      runs_.push_back({parameter->kind, given, parameter->offset, 0});
    }
    runs_.back().size = size - runs_.back().offset;
  }

  values_ = AlignedBuffer<float>(static_cast<std::size_t>(size));
  gradients_ = AlignedBuffer<float>(static_cast<std::size_t>(size));
  for (Parameter& parameter : parameters_) {
    parameter.slice->value = values_.data() + parameter.offset;
    parameter.slice->gradient = gradients_.data() + parameter.offset;
  }
}

}  // namespace normlab
