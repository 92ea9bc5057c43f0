#pragma once

#include "normlab/lab/settings.h"

namespace normlab {

/// The rows whose values have a grammar of their own: `schedule` (constant, step:EPOCHS:FACTOR,
/// cosine, one-cycle) and `init` (pytorch, keras, he, xavier, normal:SD, FILE.safetensors).
Setting schedule_setting();
Setting augment_setting();
Setting init_setting();

}  // namespace normlab
