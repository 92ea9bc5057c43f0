#pragma once

#include <cmath>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "normlab/lab/mock_study.h"
#include "normlab/report/html/finding.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

inline void PrintTo(const Finding& finding, std::ostream* out) {
  *out << finding.text;
}

/// What a report of the mock study is made of.
inline ReportInput make_input(MockStudy mock) {
  ReportInput input;
  input.study = std::move(mock.study);
  input.results = std::move(mock.results);
  input.comparison = compare(input.study, input.results);
  input.data = {{"glyphs", "5eed", true, 48000, 12000, 10000}};
  input.images_missing = "no folder of that name";
  input.command = "normlab run mlp-128-64 seed=1..5";
  input.generator = "normlab 0.1.0";
  return input;
}

/// A loss that falls from 2.3, with a wave of its own for each trial.
inline std::vector<float> mock_losses(std::size_t steps, std::uint64_t seed, std::size_t arm) {
  std::vector<float> losses;
  for (std::size_t step = 0; step < steps; ++step) {
    const double x = static_cast<double>(step) / static_cast<double>(steps);
    const double wave = std::sin(40 * x + static_cast<double>(seed));
    losses.push_back(static_cast<float>((2.3 + 0.1 * wave) * std::exp(-(3 + double(arm)) * x)));
  }
  return losses;
}

/// Two probe steps of a network with one linear layer, one norm and one relu.
inline ProbeRecord mock_probe() {
  ProbeRecord probe;
  probe.interval = 100;
  probe.examples = 256;
  for (const std::int64_t step : {0, 100}) {
    const float shift = static_cast<float>(step) / 100;
    const auto norm = [](std::vector<float> value) {
      return std::vector<ProbedLayer>{{"2: norm", {std::move(value)}}};
    };
    add(probe, {step,
                {{"input", {{"3: relu", {{-2, -1, shift, 1, 2}}}}},
                 {"dead", {{"3: relu", {{0.25f * shift}}}}},
                 {"norm", {{"1: linear 128", {{0.5f - 0.25f * shift}}}}},
                 {"gamma", norm({0.5f, 0.75f, 1, 1.25f, 1.5f})},
                 {"beta", norm({-1, -0.5f, 0, 0.5f, 1})},
                 {"mean_distance", norm({0.125f})},
                 {"log_variance_distance", norm({0.25f})}}});
  }
  probe.times = {{"linear", 100e-6}, {"norm", 5e-6}, {"optimizer", 20e-6}};
  probe.example = {"2: norm", 7, {1, 2, 4, 5}, 3, 2.5, 4, 0, 2, 0.5f, 2, 4};
  return probe;
}

/// Arms none and batch for each of the batch sizes, in that order.
inline MockStudy mock_grid(const std::vector<std::int64_t>& batches, std::uint64_t seeds) {
  std::vector<std::string> labels;
  for (const std::int64_t batch : batches) {
    for (const char* norm : {"none", "batch"}) {
      labels.push_back("batch=" + std::to_string(batch) + " norm=" + norm);
    }
  }
  MockStudy mock = mock_study(labels, seeds);
  const auto set = [&](TrialSettings& settings, std::size_t arm) {
    settings.batch = batches[arm / 2];
    settings.norm.kind = arm % 2 == 0 ? NormKind::none : NormKind::batch;
  };
  for (std::size_t arm = 0; arm < labels.size(); ++arm) set(mock.study.arms[arm].settings, arm);
  for (Trial& trial : mock.study.trials) set(trial.settings, trial.arm);
  for (TrialResult& result : mock.results) set(result.trial.settings, result.trial.arm);
  return mock;
}

/// Makes one arm worse by so much validation accuracy, the same for every seed.
inline void make_worse(MockStudy& mock, std::size_t arm, double accuracy) {
  for (TrialResult& result : mock.results) {
    if (result.trial.arm != arm) continue;
    for (EpochRecord& epoch : result.record.epochs) epoch.validation["accuracy"] -= accuracy;
  }
}

}  // namespace normlab
