#include "normlab/report/html/probed_trials.h"

#include <tuple>

namespace normlab {
namespace {

template <class Has>
std::vector<const TrialResult*> first_of_each_arm(const ReportInput& input, Has&& has) {
  const auto rank = [](const TrialResult& result) {
    return std::tuple(result.record.status != TrialStatus::done, result.trial.settings.seed);
  };
  std::vector<const TrialResult*> chosen;
  for (std::size_t arm = 0; arm < input.study.arms.size(); ++arm) {
    const TrialResult* best = nullptr;
    for (const TrialResult& result : input.results) {
      if (result.trial.arm != arm || !has(result.record)) continue;
      if (best == nullptr || rank(result) < rank(*best)) best = &result;
    }
    if (best != nullptr && chosen.size() < kMostProbedArms) chosen.push_back(best);
  }
  return chosen;
}

}  // namespace

std::vector<const TrialResult*> probed_trials(const ReportInput& input) {
  return first_of_each_arm(input, [](const TrialRecord& r) { return r.probe.has_value(); });
}

std::vector<const TrialResult*> predicted_trials(const ReportInput& input) {
  return first_of_each_arm(input, [](const TrialRecord& r) { return r.predictions.has_value(); });
}

}  // namespace normlab
