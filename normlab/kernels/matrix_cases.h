#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "normlab/kernels/activation.h"
#include "normlab/kernels/kernel_test.h"

namespace normlab::kernels {

/// One shape of a matrix in memory, for tests of kernels that work on matrices.
struct MatrixCase {
  std::int64_t rows = 0;
  std::int64_t channels = 0;
  std::int64_t gap = 0;           ///< between rows
  std::int64_t misalignment = 0;  ///< of the first row

  std::string text() const {
    return fmt::format("rows={} channels={} gap={} misalignment={}", rows, channels, gap,
                       misalignment);
  }
  std::int64_t size() const { return rows * channels; }

  /// An array of this shape with these values.
  Guarded<float> array() const {
    return Guarded<float>(rows, channels, channels + gap, misalignment);
  }
  Guarded<float> array(std::span<const float> values) const {
    return Guarded<float>(rows, channels, channels + gap, misalignment, values);
  }
};

/// Rows around the block of 128, channels around every vector width, with and without gaps, aligned
/// and not; and tall matrices, of which the kernels see several rows as one (RowFold), some rows
/// being left over.
inline std::vector<MatrixCase> matrix_grid() {
  std::vector<MatrixCase> grid;
  for (const std::int64_t rows : {1, 2, 3, 17, 128, 129, 300}) {
    for (const std::int64_t channels : {1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100}) {
      const bool even = grid.size() % 4 == 0;
      grid.push_back({rows, channels, 0, even ? 0 : 1});
      grid.push_back({rows, channels, 5, even ? 3 : 0});
    }
  }
  grid.push_back({4500, 1, 0, 1});
  grid.push_back({2100, 3, 0, 1});
  grid.push_back({600, 10, 0, 1});
  grid.push_back({1100, 33, 0, 1});
  return grid;
}

/// An activation, and its name for failures.
struct NamedActivation {
  Activation activation;
  std::string_view name;
};

constexpr std::array kActivations = {
    NamedActivation{{ActivationKind::identity, 0.1f}, "identity"},
    NamedActivation{{ActivationKind::relu, 0.1f}, "relu"},
    NamedActivation{{ActivationKind::leaky_relu, 0.1f}, "leaky_relu"},
    NamedActivation{{ActivationKind::sigmoid, 0.1f}, "sigmoid"},
    NamedActivation{{ActivationKind::tanh, 0.1f}, "tanh"},
    NamedActivation{{ActivationKind::gelu, 0.1f}, "gelu"},
};

/// The grid, each shape with two activations in turn: together each number of channels meets all of
/// them.
struct ActivationCase {
  MatrixCase shape;
  Activation activation;
  std::string text;
};

inline std::vector<ActivationCase> activation_grid() {
  std::vector<ActivationCase> cases;
  const std::vector<MatrixCase> shapes = matrix_grid();
  constexpr std::size_t kShapesPerRowCount = 24;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    for (const std::size_t shift : {0u, 3u}) {
      const auto& [activation, name] =
          kActivations.at((i + i / kShapesPerRowCount + shift) % kActivations.size());
      cases.push_back(
          {shapes[i], activation, fmt::format("{} activation={}", shapes[i].text(), name)});
    }
  }
  return cases;
}

}  // namespace normlab::kernels
