#pragma once

#include <array>
#include <cstddef>

namespace normlab {

/// What a parameter is to its layer: `scale` is the trained number of a layer `scale V`.
enum class ParameterKind { weight, bias, gamma, beta, scale };

/// One value for each kind of parameter.
template <class T>
struct PerKind {
  std::array<T, 5> values{};

  constexpr T& operator[](ParameterKind kind) { return values[static_cast<std::size_t>(kind)]; }
  constexpr const T& operator[](ParameterKind kind) const {
    return values[static_cast<std::size_t>(kind)];
  }
  friend bool operator==(const PerKind&, const PerKind&) = default;
};

}  // namespace normlab
