#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "normlab/lab/settings.h"

namespace normlab {

/// The values that the text to the right of "key=" stands for, lists, ranges and log() or lin()
/// expanded; what the setting allows is not looked at. Grammar and errors: lab/grid.h.
std::vector<std::string> expand_values(const Setting& setting, std::string_view text);

}  // namespace normlab
