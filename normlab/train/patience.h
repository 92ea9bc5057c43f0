#pragma once

#include <cstdint>
#include <span>

#include "normlab/train/trial_record.h"

namespace normlab {

/// True when the latest `patience` epochs brought no validation score (train/quantity.h) above the
/// best before them; never with patience 0. Accuracy and not loss, because that is what a study is decided by
/// and what checkpoint=best goes by: where a network grows too sure of itself its loss rises while
/// its accuracy still does, too.
bool patience_is_out(std::span<const EpochRecord> epochs, std::int64_t patience);

}  // namespace normlab
