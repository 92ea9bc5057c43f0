#include "normlab/lab/study_difference.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/lab/settings.h"

namespace normlab {
namespace {

/// Values longer than this, models given by their layers say, are cut.
constexpr std::size_t kLongestValue = 40;

using SettingValues = std::map<std::string, std::string>;

void append_once(std::vector<std::string>& list, const std::string& value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(value);
}

/// "1..5,9" for sorted numbers.
std::string ranges_text(const std::set<std::uint64_t>& numbers) {
  std::string text;
  for (auto first = numbers.begin(); first != numbers.end();) {
    auto last = first;
    for (auto next = std::next(last); next != numbers.end() && *next == *last + 1; ++next)
      last = next;
    text += text.empty() ? "" : ",";
    text += first == last ? fmt::format("{}", *first) : fmt::format("{}..{}", *first, *last);
    first = std::next(last);
  }
  return text;
}

SettingValues values_of(const Study& study) {
  std::map<std::string, std::vector<std::string>> lists;
  for (const Arm& arm : study.arms) {
    for (const auto& [key, value] : list_settings(arm.settings)) append_once(lists[key], value);
  }
  SettingValues values;
  for (const auto& [key, list] : lists) values[key] = fmt::format("{}", fmt::join(list, ","));
  values["seed"] = seeds_text(study);
  return values;
}

std::string shortened(const std::string& value) {
  return value.size() <= kLongestValue ? value : value.substr(0, kLongestValue) + "...";
}

}  // namespace

std::string seeds_text(const Study& study) {
  std::set<std::uint64_t> seeds;
  for (const Trial& trial : study.trials) seeds.insert(trial.settings.seed);
  return ranges_text(seeds);
}

std::vector<std::string> tell_apart(std::span<const Study> studies) {
  if (studies.size() < 2) return std::vector<std::string>(studies.size());
  std::vector<SettingValues> all;
  for (const Study& study : studies) all.push_back(values_of(study));
  std::set<std::string> keys;
  for (const SettingValues& values : all) {
    for (const auto& [key, value] : values) {
      const auto same = [&key = key, &value = value](const SettingValues& other) {
        const auto found = other.find(key);
        return found != other.end() && found->second == value;
      };
      if (!std::ranges::all_of(all, same)) keys.insert(key);
    }
  }
  std::vector<std::string> texts;
  for (const SettingValues& values : all) {
    std::string& text = texts.emplace_back();
    for (const std::string& key : keys) {
      const auto found = values.find(key);
      if (found == values.end()) continue;
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", key, shortened(found->second));
    }
    if (text.empty()) text = "same settings, other files or another version of normlab";
  }
  return texts;
}

}  // namespace normlab
