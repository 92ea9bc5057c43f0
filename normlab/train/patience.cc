#include "normlab/train/patience.h"

#include <algorithm>

namespace normlab {

bool patience_is_out(std::span<const EpochRecord> epochs, std::int64_t patience) {
  if (patience == 0 || epochs.empty()) return false;
  // Of several equal ones the first.
  const auto best = std::ranges::max_element(
      epochs, {}, [](const EpochRecord& epoch) { return epoch.validation.accuracy; });
  return epochs.end() - best > patience;
}

}  // namespace normlab
