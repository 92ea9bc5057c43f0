#include "normlab/lab/grid.h"

#include <algorithm>

#include "normlab/base/error.h"
#include "normlab/lab/grid_values.h"

namespace normlab {
namespace {

/// Checks the value and writes it the one way that `format` writes it.
std::string canonical_value(const Setting& setting, const std::string& value) {
  TrialSettings scratch;
  set_setting(scratch, setting.key, value);
  return setting.format(scratch);
}

const Axis* find_axis(std::span<const Axis> axes, std::string_view key) {
  const auto found =
      std::ranges::find_if(axes, [&](const Axis& axis) { return axis.setting->key == key; });
  return found == axes.end() ? nullptr : &*found;
}

void check_size(std::span<const Axis> axes) {
  std::size_t trials = 1;
  for (const Axis& axis : axes) {
    trials *= axis.values.size();  // cannot overflow: both factors are at most kMostTrials
    if (trials > kMostTrials) {
      fail(
          "the grid has more than {} trials: give fewer values or seeds, or split it into several "
          "runs",
          kMostTrials);
    }
  }
}

}  // namespace

Axis parse_axis(std::string_view argument) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string_view::npos) fail("'{}': expected key=value", argument);
  Axis axis;
  axis.setting = &find_setting(argument.substr(0, equals));
  for (const std::string& value : expand_values(*axis.setting, argument.substr(equals + 1))) {
    axis.values.push_back(canonical_value(*axis.setting, value));
  }
  std::vector<std::string_view> sorted(axis.values.begin(), axis.values.end());
  std::ranges::sort(sorted);
  const auto twice = std::ranges::adjacent_find(sorted);
  if (twice != sorted.end()) fail("{}: the value {} is given twice", argument, *twice);
  return axis;
}

std::vector<Axis> parse_grid(const std::string& model, std::span<const std::string> arguments) {
  std::vector<Axis> axes;
  const auto add = [&](Axis axis) {
    if (find_axis(axes, axis.setting->key) != nullptr) {
      fail("{0} is given twice: put its values into one list, {0}=A,B", axis.setting->key);
    }
    axes.push_back(std::move(axis));
  };
  if (!model.empty()) {
    const Setting& setting = find_setting("model");
    add({.setting = &setting, .values = {canonical_value(setting, model)}});
  }
  for (const std::string& argument : arguments) add(parse_axis(argument));
  if (find_axis(axes, "model") == nullptr) fail("no model is given: name one, or list its layers");
  for (const auto& [key, values] : kDefaultAxes) {
    if (find_axis(axes, key) != nullptr) continue;
    add(parse_axis(fmt::format("{}={}", key, values)));
    axes.back().given = false;
  }
  check_size(axes);
  return axes;
}

std::vector<std::string> grid_values(std::span<const Axis> axes, std::string_view key) {
  if (const Axis* axis = find_axis(axes, key)) return axis->values;
  return {find_setting(key).format(TrialSettings{})};
}

}  // namespace normlab
