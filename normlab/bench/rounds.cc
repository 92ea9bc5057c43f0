#include "normlab/bench/rounds.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include <sys/resource.h>

#include "normlab/base/flush_denormals.h"

namespace normlab::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Work shorter than this is run once before its sample, to find its data in the caches where the
/// item before left its own.
constexpr double kWarmBelowSeconds = 0.01;
constexpr double kLongSeconds = 0.005;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// How often this thread lost its processor so far.
std::int64_t preemptions() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nivcsw;
}

}  // namespace

std::size_t Rounds::add(std::function<void()> run, Sampling sampling) {
  items_.push_back({std::move(run), sampling, 1, {}});
  return items_.size() - 1;
}

void Rounds::calibrate(Item& item, double sample_seconds) {
  item.run();  // warm-up: primitives are made, pages touched
  const auto start = Clock::now();
  item.run();
  double once = since(start);
  if (once < sample_seconds) {
    const auto again = Clock::now();
    for (int i = 0; i < 10; ++i) item.run();
    once = since(again) / 10;
  }
  const double wanted = sample_seconds * item.sampling.length;
  item.repeats = std::max<std::int64_t>(1, std::llround(wanted / std::max(once, 1e-9)));
}

void Rounds::take_sample(Item& item) {
  // Work that takes long is hardly ever left alone where others are at work.
  const bool is_long = !item.seconds.empty() && item.seconds.back() > kLongSeconds;
  const int tries = is_long ? 2 : 4;
  const auto repeats = static_cast<double>(item.repeats);
  double seconds = 0;
  bool disturbed = true;
  for (int attempt = 0; disturbed && attempt < tries; ++attempt) {
    if (item.repeats > 1 || (!item.seconds.empty() && item.seconds.back() < kWarmBelowSeconds)) {
      const std::int64_t warm_up = item.sampling.length > 1 ? (item.repeats + 3) / 4 : 1;
      for (std::int64_t i = 0; i < warm_up; ++i) item.run();
    }
    const std::int64_t before = preemptions();
    const auto start = Clock::now();
    for (std::int64_t i = 0; i < item.repeats; ++i) item.run();
    const double taken = since(start) / repeats;
    disturbed = preemptions() != before;
    // The least disturbed of disturbed tries is the shortest.
    seconds = attempt == 0 || !disturbed ? taken : std::min(seconds, taken);
  }
  item.seconds.push_back(seconds);
  ++samples_;
  if (disturbed) ++disturbed_;
}

void Rounds::take_samples(bool back, bool in_turns_only) {
  for (std::size_t i = 0; i < items_.size(); ++i) {
    Item& item = items_[back ? items_.size() - 1 - i : i];
    if (item.sampling.in_turns || !in_turns_only) take_sample(item);
  }
}

void Rounds::run(const Limits& limits, const std::function<void(const Progress&)>& each_round) {
  const FlushDenormals flush;
  const auto start = Clock::now();
  for (Item& item : items_) calibrate(item, limits.sample_seconds);
  for (std::int64_t round = 0;
       round < limits.least || (round < limits.most && since(start) < limits.seconds); ++round) {
    for (int turn = 0; turn < limits.turns; ++turn) {
      take_samples((round * limits.turns + turn) % 2 == 1, turn > 0);
    }
    each_round({round + 1, since(start)});
  }
}

double Rounds::disturbed_share() const {
  return samples_ == 0 ? 0 : static_cast<double>(disturbed_) / static_cast<double>(samples_);
}

}  // namespace normlab::bench
