#include "normlab/store/study_command.h"

#include <algorithm>

#include <fmt/format.h>

#include "normlab/base/command_text.h"
#include "normlab/lab/grid.h"
#include "normlab/lab/setting_value.h"
#include "normlab/lab/settings.h"
#include "normlab/lab/study_difference.h"

namespace normlab {
namespace {

std::string_view default_seeds() {
  const auto is_seed = [](const auto& axis) { return axis.first == "seed"; };
  return std::ranges::find_if(kDefaultAxes, is_seed)->second;
}

}  // namespace

std::string normlab_command(std::vector<std::string> words, const std::string& runs) {
  words.insert(words.begin(), "normlab");
  if (runs != kDefaultRuns) words.insert(words.end(), {"--runs", runs});
  return command_text(words);
}

std::string run_again_command(const StoredStudy& stored, const std::string& runs) {
  std::string command = "normlab run " + stored.command;
  const auto is_said = [&](std::string_view words) {
    return command.find(words) != std::string::npos;
  };
  // Older programs had fewer seeds where none were given.
  const std::string seeds = seeds_text(stored.study);
  if (!seeds.empty() && seeds != default_seeds() && !is_said("seed=")) command += " seed=" + seeds;
  // And they left the threshold out of the command.
  constexpr std::string_view kThreshold = " --threshold ";
  if (stored.threshold && !is_said(kThreshold))
    command += std::string(kThreshold) + format_number(*stored.threshold);
  if (runs != kDefaultRuns) command += " --runs " + shell_word(runs);
  return command;
}

std::string run_trial_command(const TrialSettings& settings, std::span<const std::string> changes,
                              const std::string& runs) {
  std::vector<std::string> words = {"run", settings.model};
  const auto defaults = list_settings(TrialSettings{});
  const auto values = list_settings(settings);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& [key, value] = values[i];
    const bool is_axis = key == "norm" || key == "seed";  // several values where none is given
    const bool is_changed = std::ranges::any_of(
        changes, [&key = key](const auto& change) { return change.starts_with(key + "="); });
    if (key == "model" || is_changed || (!is_axis && value == defaults[i].second)) continue;
    const bool would_be_split = value.find(',') != std::string::npos;
    const char* quote = would_be_split ? "\"" : "";
    words.push_back(fmt::format("{}={}{}{}", key, quote, value, quote));
  }
  words.insert(words.end(), changes.begin(), changes.end());
  return normlab_command(std::move(words), runs);
}

}  // namespace normlab
