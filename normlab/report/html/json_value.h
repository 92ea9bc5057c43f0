#pragma once

#include <optional>

#include <nlohmann/json.hpp>

namespace normlab {

/// Keeps the order of keys.
using Json = nlohmann::ordered_json;

/// All digits, for numbers that stand for themselves; null when absent or not finite.
Json exact(double value);
Json exact(const std::optional<double>& value);

/// Six significant digits, for numbers that are drawn: a curve of thousands of points takes half
/// the space. Null when not finite.
Json drawn(double value);
Json drawn(const std::optional<double>& value);

}  // namespace normlab
