#pragma once

#include <string>

#include "normlab/train/trial_settings.h"

namespace normlab {

/// Settings as a JSON object of texts, and back. See recorded_settings for objects that lack some.
std::string settings_to_json(const TrialSettings& settings);
TrialSettings settings_from_json(const std::string& text);

}  // namespace normlab
