#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "normlab/nn/network.h"

namespace normlab {

/// The oracle of network tests: a network's forward pass in double, written for reading, one
/// example layout (PyTorch's NCHW) and one layer after the other, from the tensors that
/// Network::save gives out. Nothing of it is shared with the network but the kernels' references.
class ReferenceNetwork {
 public:
  ReferenceNetwork(const ModelSpec& model, const Shape& input, const NetworkOptions& options);

  /// Named like PyTorch's; change them to see what depends on them.
  std::map<std::string, std::vector<double>> tensors;
  void load(const std::vector<Tensor>& saved);

  /// Outputs, example by example; `x` is NHWC, as the network's.
  std::vector<double> forward(const std::vector<double>& x, std::int64_t examples,
                              bool training) const;

 private:
  ModelSpec model_;
  Shape input_;
  NetworkOptions options_;
};

}  // namespace normlab
