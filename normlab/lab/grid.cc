#include "normlab/lab/grid.h"

#include <algorithm>
#include <set>

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

bool is_digits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

/// Advice for a list with "0,5" in it when a value of it is not allowed; else empty.
std::string decimal_comma_advice(std::span<const std::string> values) {
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    if (values[i] != "0" || !is_digits(values[i + 1])) continue;
    return fmt::format("; a comma separates values, and a decimal point is written 0.{}",
                       values[i + 1]);
  }
  return "";
}

/// Each value as `format` writes it.
std::vector<std::string> canonical_values(const Setting& setting,
                                          std::span<const std::string> values) {
  std::vector<std::string> canonical;
  try {
    for (const std::string& value : values) canonical.push_back(canonical_value(setting, value));
  } catch (const RequestError& error) {
    if (setting.kind != ValueKind::number) throw;
    fail("{}{}", error.what(), decimal_comma_advice(values));
  }
  return canonical;
}

const Axis* find_axis(std::span<const Axis> axes, std::string_view key) {
  const auto found =
      std::ranges::find_if(axes, [&](const Axis& axis) { return axis.setting->key == key; });
  return found == axes.end() ? nullptr : &*found;
}

[[noreturn]] void fail_given_twice(std::string_view key) {
  fail("{0} is given twice: put its values into one list, {0}=A,B", key);
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
  axis.values =
      canonical_values(*axis.setting, expand_values(*axis.setting, argument.substr(equals + 1)));
  std::vector<std::string_view> sorted(axis.values.begin(), axis.values.end());
  std::ranges::sort(sorted);
  const auto twice = std::ranges::adjacent_find(sorted);
  if (twice != sorted.end()) fail("{}: the value {} is given twice", argument, *twice);
  return axis;
}

std::vector<Axis> parse_grid(const std::string& model, std::span<const std::string> arguments) {
  std::vector<Axis> axes;
  const auto add = [&](Axis axis) {
    if (find_axis(axes, axis.setting->key) != nullptr) fail_given_twice(axis.setting->key);
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

void check_given_once(std::span<const std::string> arguments) {
  std::set<std::string_view> keys;
  for (const std::string& argument : arguments) {
    const std::string_view key = std::string_view(argument).substr(0, argument.find('='));
    if (!keys.insert(key).second) fail_given_twice(key);
  }
}

std::vector<std::string> grid_values(std::span<const Axis> axes, std::string_view key) {
  if (const Axis* axis = find_axis(axes, key)) return axis->values;
  return {find_setting(key).format(TrialSettings{})};
}

}  // namespace normlab
