#include "normlab/report/html/arms.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/lab/contrast.h"
#include "normlab/lab/setting_difference.h"
#include "normlab/lab/settings.h"
#include "normlab/report/number_text.h"
#include "normlab/report/table_columns.h"

namespace normlab {
namespace {

ArmResults arm_results(std::span<const TrialResult> results, std::size_t arm) {
  ArmResults found;
  for (const TrialResult& result : results) {
    if (result.trial.arm == arm) found.push_back(&result);
  }
  std::ranges::sort(found, {}, seed_of);
  return found;
}

/// The first arm without batch normalization that is `arm` in all else.
std::optional<std::size_t> partner(const Study& study, const Arm& arm) {
  for (std::size_t other = 0; other < study.arms.size(); ++other) {
    const TrialSettings& settings = study.arms[other].settings;
    if (settings.norm.kind == NormKind::none && differ_in_norm_alone(settings, arm.settings)) {
      return other;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> arm_labels(const Study& study) {
  std::vector<std::string> labels;
  for (const Arm& arm : study.arms) labels.push_back(arm_title(arm.label));
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
  for (std::size_t arm = 0; arm < study.arms.size(); ++arm) {
    if (study.arms[arm].settings.norm.kind == NormKind::none) continue;
    if (const auto baseline = partner(study, study.arms[arm])) {
      pairs.push_back({*baseline, arm, true});
    }
  }
  if (!pairs.empty()) return pairs;
  for (std::size_t arm = 1; arm < study.arms.size(); ++arm) pairs.push_back({0, arm, false});
  return pairs;
}

Contrast pair_contrast(std::span<const TrialResult> results, const ArmPair& pair, Metric metric,
                       double threshold) {
  Contrast result = contrast(pair.arm, arm_results(results, pair.arm),
                             arm_results(results, pair.baseline), metric, threshold);
  result.baseline = pair.baseline;
  return result;
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
