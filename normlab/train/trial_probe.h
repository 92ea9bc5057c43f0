#pragma once

#include <cstdint>

#include "normlab/train/probe_network.h"
#include "normlab/train/probe_record.h"
#include "normlab/train/train_step.h"

namespace normlab {

/// Fills in a trial's ProbeRecord on its way: a probe step at the start and after every `interval`
/// steps, one at the end, and the mean times of the steps just before (in a trial shorter than the
/// interval, of the last one). Times apart, the record depends on the trial alone. What looking
/// takes is added to ProbeRecord::seconds.
class TrialProbe {
 public:
  struct Subject {
    Network& network;
    TrainStep& step;
    std::int64_t total_steps = 0;
  };
  /// `eye` looks into the subject's network. `record` may hold what was seen before the trial was
  /// interrupted; when that was at another interval, it begins anew where the trial goes on. The
  /// record and what the subject refers to must outlive the probe.
  TrialProbe(const Subject& subject, ProbeNetwork& eye, std::int64_t interval, ProbeRecord& record);

  /// Before and after the training step that follows on `step` others.
  void before_step(std::int64_t step);
  void after_step(std::int64_t step);
  /// After the last of `step` steps: the last probe step, and the worked example.
  void finish(std::int64_t step);

 private:
  bool is_timed(std::int64_t step) const { return (step + 1) % timed_interval_ == 0; }

  Subject subject_;
  ProbeNetwork& eye_;
  ProbeRecord& record_;
  std::int64_t timed_interval_;
  StepTimes times_;
};

}  // namespace normlab
