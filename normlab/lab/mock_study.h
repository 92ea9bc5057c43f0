#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "normlab/lab/trial.h"

/// Studies with known outcomes, for tests of what is made of results.
namespace normlab {

struct MockStudy {
  Study study;
  std::vector<TrialResult> results;  ///< arm by arm, seed by seed

  TrialRecord& record(std::size_t arm, std::uint64_t seed) {
    return results[arm * (results.size() / study.arms.size()) + seed - 1].record;
  }
};

inline Evaluation classified(double loss, double accuracy) {
  return {{"loss", loss}, {"accuracy", accuracy}};
}

/// A finished trial of three epochs of 750 steps. A later arm does better; `wobble` in [-1, 1] is
/// what the seed does.
inline TrialRecord mock_record(std::size_t arm, double wobble) {
  TrialRecord record;
  record.steps = 2250;
  record.train_examples = 48000;
  record.validation_examples = 12000;
  record.test_examples = 10000;
  record.train_seconds = (0.2 + 0.1 * static_cast<double>(arm)) * (1 + 0.05 * wobble);
  record.seconds = record.train_seconds + 0.25;
  record.step_seconds = record.train_seconds / 2250;
  record.validation_majority = 0.11;
  const double gain = 0.01 * static_cast<double>(arm) + 0.002 * wobble;
  for (int epoch = 1; epoch <= 3; ++epoch) {
    const double accuracy = std::min(1.0, 0.92 + 0.012 * epoch + gain);
    record.epochs.push_back({epoch, 750 * epoch, classified(2 * (1 - accuracy), accuracy + 0.005),
                             classified(3 * (1 - accuracy), accuracy), record.train_seconds / 3});
  }
  record.test = classified(3 * (0.042 - gain), 0.958 + gain);
  return record;
}

/// Every arm in `labels` with seeds 1 to `seeds`.
inline MockStudy mock_study(const std::vector<std::string>& labels, std::uint64_t seeds) {
  MockStudy mock;
  mock.study.id = "5eed00000001";
  mock.study.name = "mlp-128-64";
  for (std::size_t arm = 0; arm < labels.size(); ++arm) {
    TrialSettings settings;
    settings.model = "mlp-128-64";
    settings.norm.kind = arm == 0 ? NormKind::none : NormKind::batch;
    mock.study.arms.push_back({"a" + std::to_string(arm), labels[arm], settings});
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      settings.seed = seed;
      const Trial trial{"t" + std::to_string(arm) + "-" + std::to_string(seed), arm, settings};
      mock.study.trials.push_back(trial);
      // Sevenths, so that seeds and arms wobble out of step.
      const double wobble = static_cast<double>((seed * 3 + arm * 2) % 7) / 3 - 1;
      mock.results.push_back({trial, mock_record(arm, wobble)});
    }
  }
  return mock;
}

/// Turns a finished trial into one that diverged in its second epoch, at step 901.
inline void diverge(TrialRecord& record) {
  record.status = TrialStatus::diverged;
  record.divergence = Divergence{901, "1: linear 128"};
  record.epochs.resize(1);
  record.steps = 901;
  record.test.reset();
}

/// Turns a finished trial into one that learnt nothing: it always answers with the most frequent
/// class.
inline void collapse(TrialRecord& record) {
  for (EpochRecord& epoch : record.epochs) epoch.train = epoch.validation = classified(2.3, 0.11);
  record.test = classified(2.3, 0.11);
}

/// Turns a finished trial into one whose last losses on new images are no numbers.
inline void overflow(TrialRecord& record) {
  record.epochs.back().validation["loss"] = std::numeric_limits<double>::quiet_NaN();
  record.test->at("loss") = std::numeric_limits<double>::infinity();
}

/// Turns a finished trial into one that failed at once.
inline void break_down(TrialRecord& record, std::string error) {
  record = TrialRecord{};
  record.status = TrialStatus::failed;
  record.error = std::move(error);
}

}  // namespace normlab
