#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "normlab/train/trial_record.h"

namespace normlab {

/// The status' word in JSON, CSV, the store and on the terminal.
constexpr std::string_view name(TrialStatus status) {
  switch (status) {
    case TrialStatus::diverged:
      return "diverged";
    case TrialStatus::failed:
      return "failed";
    case TrialStatus::done:
      break;
  }
  return "done";
}

/// The phase's word in JSON, CSV and the store.
constexpr std::string_view name(TrialPhase phase) {
  switch (phase) {
    case TrialPhase::validation:
      return "validation";
    case TrialPhase::test:
      return "test";
    case TrialPhase::training:
      break;
  }
  return "training";
}

/// "at step 17, first in 3: linear 64", made to follow "diverged".
inline std::string place_text(const Divergence& divergence) {
  const std::string step = fmt::format("step {}", divergence.step);
  return fmt::format("{}, first in {}",
                     divergence.phase == TrialPhase::training
                         ? "at " + step
                         : fmt::format("in the {} after {}", name(divergence.phase), step),
                     divergence.layer);
}

}  // namespace normlab
