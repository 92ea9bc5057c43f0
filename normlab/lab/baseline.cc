#include "normlab/lab/baseline.h"

#include "normlab/lab/setting_difference.h"

namespace normlab {

std::size_t baseline_of(const Study& study, std::size_t arm) {
  const TrialSettings& settings = study.arms[arm].settings;
  const NormKind reference = study.arms.front().settings.norm.kind;
  for (std::size_t other = 0; other < study.arms.size(); ++other) {
    const TrialSettings& candidate = study.arms[other].settings;
    if (candidate.norm.kind == reference && differ_in_norm_alone(candidate, settings)) return other;
  }
  return 0;
}

}  // namespace normlab
