#pragma once

#include <vector>

#include "normlab/lab/settings.h"

namespace normlab {

/// The table itself, which `setting_groups()` keeps. A new setting is one entry in
/// settings_table.cc.
std::vector<SettingGroup> make_setting_groups();

}  // namespace normlab
