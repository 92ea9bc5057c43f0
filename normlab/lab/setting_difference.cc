#include "normlab/lab/setting_difference.h"

#include <algorithm>
#include <array>

#include "normlab/lab/settings.h"

namespace normlab {
namespace {

/// Sorted.
constexpr std::array<std::string_view, 8> kNormKeys = {
    "beta", "eps", "gamma", "gamma_init", "norm", "redundant_bias", "running_var", "stat_update"};

bool differs(const Setting& setting, const TrialSettings& a, const TrialSettings& b) {
  return setting.key != "seed" && setting.format(a) != setting.format(b);
}

}  // namespace

std::vector<std::string> differing_keys(const TrialSettings& a, const TrialSettings& b) {
  std::vector<std::string> keys;
  for (const Setting* setting : settings_by_key()) {
    if (differs(*setting, a, b)) keys.push_back(setting->key);
  }
  return keys;
}

bool is_norm_setting(std::string_view key) {
  return std::ranges::binary_search(kNormKeys, key);
}

bool differ_in_norm_alone(const TrialSettings& a, const TrialSettings& b) {
  return a.norm.kind != b.norm.kind &&
         std::ranges::none_of(settings_by_key(), [&](const Setting* setting) {
           return !is_norm_setting(setting->key) && differs(*setting, a, b);
         });
}

}  // namespace normlab
