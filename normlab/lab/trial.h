#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "normlab/train/trial_record.h"
#include "normlab/train/trial_settings.h"

/// The laboratory's nouns (DESIGN section 2).
namespace normlab {

/// One training run: an arm's settings with one seed.
struct Trial {
  std::string id;       ///< hash of the resolved settings and the numerics version, 12 hex digits
  std::size_t arm = 0;  ///< index into Study::arms
  TrialSettings settings;
};

/// All settings except the seed.
struct Arm {
  std::string id;     ///< hash of the resolved settings without the seed
  std::string label;  ///< the settings in which this study's arms differ, "norm=batch batch=64"
  TrialSettings settings;  ///< its seed is meaningless
};

/// Arms x seeds. The first arm is the baseline.
struct Study {
  std::string id;
  std::string name;
  std::vector<Arm> arms;
  std::vector<Trial> trials;  ///< arms in order, seeds in order within an arm
};

struct TrialResult {
  Trial trial;
  TrialRecord record;
};

}  // namespace normlab
