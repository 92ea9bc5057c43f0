#pragma once

#include <cmath>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace normlab {

/// Same keys in the same order, same values; real numbers may differ as the mathematical functions
/// of another C library do.
inline void expect_same_json(const nlohmann::ordered_json& actual,
                             const nlohmann::ordered_json& expected, const std::string& where) {
  ASSERT_EQ(actual.type_name(), std::string(expected.type_name())) << where;
  if (actual.is_number_float()) {
    const double value = expected.get<double>();
    EXPECT_NEAR(actual.get<double>(), value, 1e-9 * std::abs(value) + 1e-15) << where;
    return;
  }
  if (!actual.is_structured()) {
    EXPECT_EQ(actual, expected) << where;
    return;
  }
  ASSERT_EQ(actual.size(), expected.size()) << where;
  for (auto a = actual.begin(), e = expected.begin(); a != actual.end(); ++a, ++e) {
    const std::string step =
        actual.is_object() ? "/" + a.key() : "/" + std::to_string(std::distance(actual.begin(), a));
    if (actual.is_object()) {
      ASSERT_EQ(a.key(), e.key()) << where;
    }
    expect_same_json(*a, *e, where + step);
  }
}

}  // namespace normlab
