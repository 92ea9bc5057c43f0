#pragma once

#include <string_view>

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

}  // namespace normlab
