#pragma once

#include "normlab/lab/settings.h"

namespace normlab {

/// The rows of the table of settings, by group: one file each. A new setting is one row in one of
/// them, and a field of TrialSettings.
SettingGroup data_settings();
SettingGroup norm_settings();
SettingGroup training_settings();
SettingGroup optimizer_settings();
SettingGroup regularization_settings();
SettingGroup init_settings();

}  // namespace normlab
