#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "normlab/train/trial_settings.h"

namespace normlab {

/// Keys in which the two differ, sorted; the seed is none of them.
std::vector<std::string> differing_keys(const TrialSettings& a, const TrialSettings& b);

/// Whether the setting says what fills the norm slots: what an ablation of the norm may change.
bool is_norm_setting(std::string_view key);

/// Whether the two differ in the kind of norm and in nothing but the norm's settings.
bool differ_in_norm_alone(const TrialSettings& a, const TrialSettings& b);

}  // namespace normlab
