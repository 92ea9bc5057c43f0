#pragma once

#include <cstdint>
#include <functional>

#include "normlab/nn/options.h"
#include "normlab/nn/parameters.h"

namespace normlab {

/// Draws the initial values of weights and biases. Each parameter has its own random stream, keyed
/// by its name, and is filled in PyTorch's order: networks that agree in a layer's position and
/// shape start from the same weights there, whatever else differs. Gammas and betas get their
/// constant.
class Initializer {
 public:
  Initializer(const InitOptions& options, std::uint64_t seed) : options_(options), seed_(seed) {}

  void fill(const Parameter& parameter) const;

 private:
  void fill_weights(const Parameter& parameter) const;
  void draw_weights(const Parameter& parameter) const;
  void fill_uniform(const Parameter& parameter, double bound) const;
  void fill_normal(const Parameter& parameter, double sd) const;

  InitOptions options_;
  std::uint64_t seed_;
};

}  // namespace normlab
