#include "normlab/report/html/arms.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/lab/baseline.h"
#include "normlab/lab/setting_difference.h"
#include "normlab/lab/settings.h"
#include "normlab/report/number_text.h"
#include "normlab/report/table_columns.h"

namespace normlab {

std::string arm_label(const Study& study, std::size_t arm) {
  return arm_title(study.arms[arm].label);
}

std::vector<std::string> arm_labels(const Study& study) {
  std::vector<std::string> labels;
  for (std::size_t arm = 0; arm < study.arms.size(); ++arm) labels.push_back(arm_label(study, arm));
  return labels;
}

std::vector<std::string> varied_keys(const Study& study) {
  std::vector<std::string> keys;
  for (const Arm& arm : study.arms) {
    for (const std::string& key : differing_keys(arm.settings, study.arms[0].settings)) {
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
    }
  }
  std::ranges::sort(keys);
  return keys;
}

std::string arm_context(const Study& study, std::size_t arm) {
  std::vector<std::string> words;
  for (const std::string& key : varied_keys(study)) {
    if (is_norm_setting(key)) continue;
    words.push_back(key + "=" + find_setting(key).format(study.arms[arm].settings));
  }
  return fmt::format("{}", fmt::join(words, " "));
}

std::vector<ArmPair> arm_pairs(const Study& study) {
  std::vector<ArmPair> pairs;
  for (std::size_t arm = 1; arm < study.arms.size(); ++arm)
    pairs.push_back({baseline_of(study, arm), arm});
  const auto differs = [&](const ArmPair& pair) {
    return differ_in_norm_alone(study.arms[pair.baseline].settings, study.arms[pair.arm].settings);
  };
  if (std::ranges::none_of(pairs, differs)) return pairs;
  std::erase_if(pairs, std::not_fn(differs));
  // All baselines have the first arm's norm.
  for (ArmPair& pair : pairs) pair.norm_alone = study.arms[0].settings.norm.kind == NormKind::none;
  return pairs;
}

std::string baseline_text(const Study& study, std::span<const ArmPair> pairs) {
  const std::size_t first = pairs.front().baseline;
  const bool one =
      std::ranges::all_of(pairs, [&](const ArmPair& pair) { return pair.baseline == first; });
  if (one) return arm_label(study, first);
  return fmt::format("the arm with norm={} and all else equal",
                     find_setting("norm").format(study.arms[first].settings));
}

std::optional<double> steps_per_epoch(std::span<const TrialResult> results, std::size_t arm) {
  for (const TrialResult& result : results) {
    if (result.trial.arm == arm && !result.record.epochs.empty()) {
      return static_cast<double>(result.record.epochs[0].steps);
    }
  }
  return std::nullopt;
}

std::string after_training(const TrialSettings& settings) {
  if (settings.steps > 0) return fmt::format("after {} steps", grouped(settings.steps));
  return fmt::format("after {} epoch{}", settings.epochs, settings.epochs == 1 ? "" : "s");
}

}  // namespace normlab
