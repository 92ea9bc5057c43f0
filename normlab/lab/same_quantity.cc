#include "normlab/lab/same_quantity.h"

namespace normlab {

bool is_same_quantity(Metric metric, const TrialSettings& a, const TrialSettings& b) {
  return metric != Metric::train_loss || a.label_smoothing == b.label_smoothing;
}

bool has_one_loss(const TrialSettings& settings) {
  return settings.label_smoothing == 0;
}

}  // namespace normlab
