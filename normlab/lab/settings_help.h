#pragma once

#include <string>

namespace normlab {

/// What `normlab run --help-settings` prints: the grammar, then every setting with its values,
/// default and meaning.
std::string settings_help();

}  // namespace normlab
