#include "normlab/bench/limits.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>

#include "normlab/bench/limit_loops.h"
#include "normlab/bench/samples.h"

namespace normlab::bench {
namespace {

constexpr std::int64_t kPeakRounds = 2'000;
/// Streaming stores only pay where the caches are of no use.
constexpr double kStreamingFrom = 4 << 20;

double median(std::span<const double> values) {
  return spread_of(values).median;
}

/// Keeps what a loop computed, which nobody else reads.
std::atomic<float> result_sink = 0;

}  // namespace

std::string_view to_string(Mix mix) {
  constexpr std::array<std::string_view, kMixes.size()> kNames = {"read", "write", "copy",
                                                                  "update"};
  return kNames.at(static_cast<std::size_t>(mix));
}

MachineLimits::MachineLimits(Rounds& rounds, std::span<float> memory) : rounds_(rounds) {
  peak_item_ = add_peak(false);
  constexpr std::size_t kSmallest = (16 << 10) / sizeof(float);
  for (std::size_t floats = kSmallest; floats < memory.size(); floats *= 4) {
    add_memory_loops(memory, floats);
  }
  add_memory_loops(memory, memory.size());
}

std::size_t MachineLimits::add_peak(bool in_turns) {
  return rounds_.add([] { result_sink = multiply_add(kPeakRounds); }, {.in_turns = in_turns});
}

void MachineLimits::add_memory_loops(std::span<float> memory, std::size_t floats) {
  const auto add = [&](Mix mix, std::function<void()> run) {
    loops_.push_back(
        {mix, static_cast<double>(floats * sizeof(float)), rounds_.add(std::move(run))});
  };
  // In whole cache lines, as streaming stores need it.
  const std::size_t half = floats / 2 / 64 * 64;
  float* const first = memory.data();
  float* const second = first + half;
  add(Mix::read, [=] { result_sink = read_floats(first, floats); });
  add(Mix::write, [=] { write_floats(first, floats, 1.0f); });
  add(Mix::copy, [=] { copy_floats(first, second, half, false); });
  add(Mix::update, [=] { update_floats(first, second, half); });
  if (static_cast<double>(floats * sizeof(float)) < kStreamingFrom) return;
  add(Mix::copy, [=] { copy_floats(first, second, half, true); });
}

void spend_multiply_adds(double flops) {
  result_sink = multiply_add(static_cast<std::int64_t>(flops / multiply_add_flops()));
}

double MachineLimits::flops_per_second() const {
  return multiply_add_flops() * static_cast<double>(kPeakRounds) /
         median(rounds_.seconds(peak_item_));
}

std::vector<double> MachineLimits::seconds_at_peak(double flops, std::size_t peak_item) const {
  const auto samples = rounds_.seconds(peak_item);
  std::vector<double> seconds(samples.begin(), samples.end());
  for (double& s : seconds) s *= flops / (multiply_add_flops() * static_cast<double>(kPeakRounds));
  return seconds;
}

std::vector<Bandwidth> MachineLimits::bandwidths() const {
  std::vector<Bandwidth> best;
  for (const Loop& loop : loops_) {
    // An update of one half touches every byte once to read and half of them to write.
    const double bytes = loop.working_set * (loop.mix == Mix::update ? 1.5 : 1.0);
    const Bandwidth found{loop.mix, loop.working_set, bytes / median(rounds_.seconds(loop.item))};
    const auto same = std::find_if(best.begin(), best.end(), [&](const Bandwidth& b) {
      return b.mix == found.mix && b.working_set == found.working_set;
    });
    if (same == best.end()) {
      best.push_back(found);
    } else {
      same->bytes_per_second = std::max(same->bytes_per_second, found.bytes_per_second);
    }
  }
  return best;
}

double MachineLimits::bytes_per_second(Mix mix, double working_set) const {
  std::vector<Bandwidth> measured;
  for (const Bandwidth& b : bandwidths()) {
    if (b.mix == mix) measured.push_back(b);
  }
  if (working_set <= measured.front().working_set) return measured.front().bytes_per_second;
  for (std::size_t i = 1; i < measured.size(); ++i) {
    const Bandwidth& a = measured[i - 1];
    const Bandwidth& b = measured[i];
    if (working_set > b.working_set) continue;
    const double t =
        std::log(working_set / a.working_set) / std::log(b.working_set / a.working_set);
    return std::exp(std::lerp(std::log(a.bytes_per_second), std::log(b.bytes_per_second), t));
  }
  return measured.back().bytes_per_second;
}

double MachineLimits::largest() const {
  return loops_.back().working_set;
}

double MachineLimits::norm_bytes_per_second() const {
  const double read = 1 / bytes_per_second(Mix::read, largest());
  const double copy = 2 / bytes_per_second(Mix::copy, largest());
  return 3 / (read + copy);
}

std::vector<std::pair<Isa, double>> peak_by_isa() {
  using Clock = std::chrono::steady_clock;
  const Isa in_use = current_isa();
  std::vector<std::pair<Isa, double>> peaks;
  for (const Isa isa : supported_isas()) {
    select_isa(to_string(isa));
    double best = 0;
    for (int i = 0; i < 40; ++i) {
      const auto start = Clock::now();
      result_sink = multiply_add(kPeakRounds);
      const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
      best = std::max(best, multiply_add_flops() * static_cast<double>(kPeakRounds) / seconds);
    }
    peaks.emplace_back(isa, best);
  }
  select_isa(to_string(in_use));
  return peaks;
}

}  // namespace normlab::bench
