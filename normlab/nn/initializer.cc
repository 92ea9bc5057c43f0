#include "normlab/nn/initializer.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "normlab/base/philox.h"

namespace normlab {
namespace {

/// FNV-1a, 32 bits: a fixed number for a name, on every machine.
std::uint32_t name_key(std::string_view name) {
  std::uint32_t hash = 2166136261u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

/// Writes `draw()` to every element, in PyTorch's order.
template <class Draw>
void fill_in_order(const Parameter& parameter, Draw draw) {
  for (std::int64_t i = 0; i < parameter.slice->size; ++i) {
    const std::int64_t place = parameter.position ? parameter.position(i) : i;
    parameter.slice->value[place] = static_cast<float>(draw());
  }
}

/// InitOptions::identity. Shape: outputs, inputs, height, width.
void hand_on_inputs(const Parameter& parameter) {
  const std::int64_t inputs = parameter.shape[1];
  const std::int64_t height = parameter.shape[2];
  const std::int64_t width = parameter.shape[3];
  const std::int64_t filter = inputs * height * width;
  const std::int64_t middle = height / 2 * width + width / 2;
  const std::int64_t first = std::min(inputs, parameter.shape[0]);
  for (std::int64_t i = 0; i < first * filter; ++i) {
    const std::int64_t own = i / filter * height * width + middle;
    const std::int64_t place = parameter.position ? parameter.position(i) : i;
    parameter.slice->value[place] = i % filter == own ? 1.0f : 0.0f;
  }
}

}  // namespace

void Initializer::fill(const Parameter& parameter) const {
  switch (parameter.kind) {
    case ParameterKind::weight:
      return fill_weights(parameter);
    case ParameterKind::bias: {
      const bool pytorch = options_.method == InitMethod::pytorch;
      return fill_uniform(parameter, pytorch ? 1 / std::sqrt(parameter.fans.in) : 0);
    }
    case ParameterKind::gamma:
    case ParameterKind::beta:
    case ParameterKind::scale:
      std::ranges::fill(parameter.slice->values(), parameter.initial);
  }
}

void Initializer::fill_weights(const Parameter& parameter) const {
  draw_weights(parameter);
  if (options_.identity && options_.method != InitMethod::file && parameter.shape.size() == 4)
    hand_on_inputs(parameter);
}

void Initializer::draw_weights(const Parameter& parameter) const {
  const auto in = static_cast<double>(parameter.fans.in);
  const auto out = static_cast<double>(parameter.fans.out);
  const double gain = options_.gain;
  switch (options_.method) {
    case InitMethod::pytorch:
    case InitMethod::file:
      // kaiming_uniform_ with a = sqrt(5): gain sqrt(2 / (1 + 5)), bound gain * sqrt(3 / fan_in) =
      // 1 / sqrt(fan_in).
      return fill_uniform(parameter, gain / std::sqrt(in));
    case InitMethod::keras:
      return fill_uniform(parameter, gain * std::sqrt(6 / (in + out)));
    case InitMethod::he:
      return fill_normal(parameter, gain * std::sqrt(2 / in));
    case InitMethod::xavier:
      return fill_normal(parameter, gain * std::sqrt(2 / (in + out)));
    case InitMethod::normal:
      return fill_normal(parameter, gain * options_.sd);
  }
}

void Initializer::fill_uniform(const Parameter& parameter, double bound) const {
  Philox random(seed_, Purpose::initial_weights, name_key(parameter.name));
  fill_in_order(parameter, [&] { return (2 * static_cast<double>(random.uniform()) - 1) * bound; });
}

void Initializer::fill_normal(const Parameter& parameter, double sd) const {
  Philox random(seed_, Purpose::initial_weights, name_key(parameter.name));
  fill_in_order(parameter, [&] { return random.normal() * sd; });
}

}  // namespace normlab
