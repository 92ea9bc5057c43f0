#include "normlab/lab/setting_difference.h"

#include <algorithm>
#include <array>

#include "normlab/lab/settings.h"

namespace normlab {
namespace {

/// Sorted.
constexpr std::array<std::string_view, 8> kNormKeys = {
    "beta", "eps", "gamma", "gamma_init", "norm", "redundant_bias", "running_var", "stat_update"};

}  // namespace

std::vector<std::string> differing_keys(const TrialSettings& a, const TrialSettings& b) {
  const auto settings = list_settings(a);
  const auto others = list_settings(b);
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (settings[i].first != "seed" && settings[i].second != others[i].second) {
      keys.push_back(settings[i].first);
    }
  }
  return keys;
}

bool is_norm_setting(std::string_view key) {
  return std::ranges::binary_search(kNormKeys, key);
}

bool differ_in_norm_alone(const TrialSettings& a, const TrialSettings& b) {
  return a.norm.kind != b.norm.kind && std::ranges::all_of(differing_keys(a, b), is_norm_setting);
}

}  // namespace normlab
