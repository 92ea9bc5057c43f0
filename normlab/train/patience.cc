#include "normlab/train/patience.h"

#include <algorithm>

#include "normlab/train/quantity.h"

namespace normlab {

bool patience_is_out(std::span<const EpochRecord> epochs, std::int64_t patience) {
  if (patience == 0 || epochs.empty()) return false;
  // Of several equal ones the first.
  const auto best = std::ranges::max_element(
      epochs, {}, [](const EpochRecord& epoch) { return score_of(epoch.validation); });
  return epochs.end() - best > patience;
}

}  // namespace normlab
