#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "normlab/lab/settings.h"

/// The grammar of grids, `key=value[,value...]`:
///
///   value        one of the setting's values, blanks around it ignored
///   "..."        a value that holds commas; has no double quote in it
///   a..b         whole numbers from a to b, for whole-number settings
///   log(a,b,n)   n numbers (2 or more) from a to b, evenly spaced in their logarithm, for numbers
///                and whole numbers. Those in between are rounded, to six significant digits or to
///                a whole number, so that each can be typed again.
///   lin(a,b,n)   the same, evenly spaced as they are
namespace normlab {

/// The most values of an axis, and trials of a study.
inline constexpr std::size_t kMostTrials = 100'000;

/// What a grid has where the request says nothing.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kDefaultAxes = {
    {{"norm", "none,batch"}, {"seed", "1..10"}}};

/// A setting and the values it takes, each allowed and different from the others.
struct Axis {
  const Setting* setting = nullptr;  ///< a row of setting_groups()
  std::vector<std::string> values;   ///< as Setting::format writes them
  bool given = true;                 ///< in the request, not by default
};

/// One argument, "lr=0.1,0.01". Throws RequestError for an unknown key, a value that is not allowed
/// or stands there twice, and for text outside the grammar.
Axis parse_axis(std::string_view argument);

/// A whole request: the model (taken as it is, commas and all; empty when an argument gives it),
/// the axes in their order, then those of kDefaultAxes that are missing. Throws RequestError as
/// parse_axis does, for a key given twice, for no model, and for more than kMostTrials
/// combinations.
std::vector<Axis> parse_grid(const std::string& model, std::span<const std::string> arguments);

/// Throws RequestError when two of the arguments, key=value each, have the same key.
void check_given_once(std::span<const std::string> arguments);

/// The values that the setting takes in the grid: its axis, or its default.
std::vector<std::string> grid_values(std::span<const Axis> axes, std::string_view key);

}  // namespace normlab
