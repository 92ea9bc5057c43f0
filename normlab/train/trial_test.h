#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "normlab/train/test_data.h"
#include "normlab/train/trial_runner.h"

namespace normlab {

/// A small trial of 72 steps in three epochs, in a folder of its own.
class TrialTest : public testing::Test {
 protected:
  TrialTest() {
    settings_.model = "flatten, linear 16, norm, relu, linear 3";
    settings_.batch = 10;
    settings_.optimizer.lr = 0.01;
    settings_.epochs = 3;
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("normlab_" + std::to_string(getpid()) + "_" + test->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  TrialRecord run(int threads = 1, std::int64_t probe_interval = 0) {
    TrialContext context;
    context.threads = threads;
    context.probe_interval = probe_interval;
    context.keep_predictions = true;
    context.checkpoint_path = (folder_ / ("c" + std::to_string(threads) + ".safetensors")).string();
    return run_trial(settings_, data_, context);
  }

  Dataset data_ = make_test_data(300, 60);
  TrialSettings settings_;
  std::filesystem::path folder_;
};

/// Asks for the end after some step.
class Interrupter : public TrialObserver {
 public:
  explicit Interrupter(std::int64_t step) : step_(step) {}
  void on_step(std::int64_t step, std::int64_t) override {
    if (step == step_) source.request_stop();
  }
  void on_epoch(const EpochRecord&, std::int64_t) override {}
  std::stop_source source;

 private:
  std::int64_t step_;
};

class ResumeTest : public TrialTest {
 protected:
  /// Runs until step `step`, if it gets there; null when it was stopped.
  std::optional<TrialRecord> run_until(std::int64_t step, std::int64_t probe_interval = 0) {
    Interrupter interrupter(step);
    TrialContext context;
    context.observer = &interrupter;
    context.stop = interrupter.source.get_token();
    context.resume_path = (folder_ / "progress").string();
    context.resume_seconds = 0;
    context.probe_interval = probe_interval;
    context.checkpoint_path = (folder_ / "resumed.safetensors").string();
    try {
      return run_trial(settings_, data_, context);
    } catch (const Interrupted&) {
      return std::nullopt;
    }
  }
};

}  // namespace normlab
