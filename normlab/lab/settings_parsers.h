#pragma once

#include "normlab/lab/settings.h"

namespace normlab {

/// The rows whose values have a grammar of their own: a word with its numbers behind colons, parts
/// joined by +.
Setting schedule_setting();
Setting augment_setting();
Setting decay_places_setting();
Setting init_setting();

}  // namespace normlab
