#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace normlab {

/// What was measured over a set of examples: the values of quantities (train/quantity.h) by their
/// names. What was not measured has none.
using Evaluation = std::map<std::string, double, std::less<>>;

/// The value of that name, finite or not. Absent where it was not measured.
inline std::optional<double> value_of(const Evaluation& evaluation, std::string_view quantity) {
  const auto found = evaluation.find(quantity);
  return found == evaluation.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace normlab
