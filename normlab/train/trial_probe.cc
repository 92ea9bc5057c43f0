#include "normlab/train/trial_probe.h"

#include <algorithm>
#include <utility>

#include "normlab/base/stopwatch.h"

namespace normlab {
namespace {

/// A kind of layer that takes less than this share of a step does nothing there: flatten.
constexpr double kNothing = 1e-3;

void drop_idle_kinds(std::vector<KindTime>& times) {
  double total = 0;
  for (const KindTime& time : times) total += time.seconds;
  std::erase_if(times, [&](const KindTime& time) { return time.seconds < kNothing * total; });
}

}  // namespace

TrialProbe::TrialProbe(const Subject& subject, ProbeNetwork& eye, std::int64_t interval,
                       ProbeRecord& record)
    : subject_(subject),
      eye_(eye),
      record_(record),
      timed_interval_(std::min(interval, subject.total_steps)),
      times_(subject.network) {
  if (record.interval != interval) record = {.interval = interval};
  record.examples = eye.examples();
}

void TrialProbe::before_step(std::int64_t step) {
  const AddSeconds time(&record_.seconds);
  if (step % record_.interval == 0 || record_.steps.empty()) add(record_, eye_.measure(step));
  if (is_timed(step)) subject_.step.record_times(&times_);
}

void TrialProbe::after_step(std::int64_t step) {
  if (!is_timed(step)) return;
  subject_.step.record_times(nullptr);
  const std::vector<KindTime> latest = by_kind(times_, subject_.network);
  times_.reset();
  if (record_.times.empty()) {
    record_.times = latest;
    return;
  }
  const std::int64_t first = record_.steps.front();
  const std::int64_t count = (step + 1) / timed_interval_ - first / timed_interval_;
  for (std::size_t i = 0; i < latest.size(); ++i) {
    double& mean = record_.times[i].seconds;
    mean += (latest[i].seconds - mean) / static_cast<double>(count);
  }
}

void TrialProbe::finish(std::int64_t step) {
  const AddSeconds time(&record_.seconds);
  subject_.step.record_times(nullptr);
  ProbeStep last = eye_.measure(step, &record_.example);
  // A trial that diverged may have been looked at just before the step that it did not take.
  if (record_.steps.back() != step) add(record_, std::move(last));
  drop_idle_kinds(record_.times);
}

}  // namespace normlab
