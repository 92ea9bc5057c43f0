#include "normlab/bench/benchmark.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <numeric>
#include <thread>

#include "normlab/base/error.h"
#include "normlab/base/flush_denormals.h"
#include "normlab/base/thread_pool.h"
#include "normlab/bench/kernel_item.h"
#include "normlab/bench/step_items.h"
#include "normlab/nn/model_spec.h"

namespace normlab::bench {
namespace {

constexpr double kGiga = 1e9;

/// Training steps follow upon each other, and one leaves the caches as the next will find them.
/// They are compared with each other, to a percent of their time.
constexpr Rounds::Sampling kStepSampling{.length = 20, .in_turns = true};
constexpr Rounds::Sampling kPairSampling{.in_turns = true};
constexpr int kTurns = 3;

double load_average() {
  double load = 0;
  return getloadavg(&load, 1) == 1 ? load : 0;
}

/// A step's variants: with and without batch norm, on one thread and two, and twice on two.
struct StepEntry {
  StepCase step_case;
  bool batch_norm = false;
  int threads = 1;
  std::shared_ptr<Training> training;
  std::size_t peak_item = 0;
  std::size_t item = 0;
};

struct PairEntry {
  StepCase step_case;
  int steps = 0;  ///< of each of the two
  std::size_t item = 0;
};

/// Of each of two that run side by side: some 40 ms, as a thread that wakes may share the other's
/// processor for the first few. A quick run has no time for that, and may show less.
double pair_flops(bool quick) {
  return quick ? 1e9 : 6e9;
}

std::string step_name(const StepCase& c) {
  return fmt::format("step {} batch={} precision={}", c.model, c.batch,
                     precision_text(c.precision));
}

/// Everything that one run measures.
class Benchmark {
 public:
  explicit Benchmark(const BenchOptions& options)
      : options_(options),
        workspace_(workspace_floats(options.quick)),
        limits_(rounds_, workspace_.all()) {
    for (KernelItem& item : kernel_items(workspace_)) {
      if (wanted(item.name + " " + item.shape)) kernels_.push_back(std::move(item));
    }
    for (const StepCase& step_case : step_cases()) {
      if (wanted(step_case)) add_steps(step_case);
    }
    if (kernels_.empty() && steps_.empty()) {
      fail("--filter '{}': no kernel and no training step is called so", options.filter);
    }
  }

  void check() {
    const FlushDenormals flush;
    for (const KernelItem& item : kernels_) item.check();
  }

  void run(const std::function<void(const Rounds::Progress&)>& each_round) {
    for (const KernelItem& item : kernels_) kernel_items_.push_back(rounds_.add(item.run));
    const Rounds::Limits limits{.seconds = options_.quick ? 0 : options_.seconds,
                                .least = options_.quick ? 3 : 7,
                                .sample_seconds = options_.quick ? 1e-4 : 1e-3,
                                .turns = options_.quick ? 1 : kTurns};
    rounds_.run(limits, each_round);
    for (const StepEntry& step : steps_) step.training->check();
  }

  BenchResult result() const {
    BenchResult result;
    result.limits = {limits_.flops_per_second() / kGiga,
                     limits_.norm_bytes_per_second() / kGiga,
                     {},
                     limits_.bandwidths()};
    for (std::size_t i = 0; i < kernels_.size(); ++i) {
      result.kernels.push_back(kernel_result(kernels_[i], kernel_items_[i]));
    }
    for (const StepEntry& step : steps_) result.steps.push_back(step_result(step));
    add_norm_costs(result);
    add_scaling(result);
    result.disturbed_share = rounds_.disturbed_share();
    return result;
  }

 private:
  bool wanted(const std::string& name) const {
    return name.find(options_.filter) != std::string::npos;
  }

  bool wanted(const StepCase& step_case) const {
    const bool named = options_.filter.find(step_case.model) != std::string::npos;
    return wanted(step_name(step_case)) && (named || !step_case.long_step);
  }

  /// Of the size that the model is for.
  const Dataset& data_for(const StepCase& step_case) {
    const Shape shape = find_model(step_case.model).input.value();
    Dataset& data = data_[shape.size()];
    if (data.train.labels.empty()) data = make_bench_data(step_case);
    return data;
  }

  void add_steps(const StepCase& step_case) {
    const Dataset& data = data_for(step_case);
    const int threads = std::thread::hardware_concurrency() > 1 ? 2 : 1;
    for (int count = 1; count <= threads; ++count) {
      for (const bool batch_norm : {false, true}) {
        StepEntry entry{step_case, batch_norm,
                        count,     std::make_shared<Training>(data, step_case, batch_norm, count),
                        0,         0};
        entry.peak_item = limits_.add_peak(kStepSampling.in_turns);
        entry.item = rounds_.add([training = entry.training] { training->step(); }, kStepSampling);
        steps_.push_back(std::move(entry));
      }
    }
    if (threads == 1) return;
    if (pairs_.empty()) add_peak_pair();
    add_pair(step_case);
  }

  /// Two trials side by side, as `normlab run --jobs 2` has them.
  void add_pair(const StepCase& step_case) {
    const Dataset& data = data_for(step_case);
    const auto a = std::make_shared<Training>(data, step_case, true, 1);
    const auto b = std::make_shared<Training>(data, step_case, true, 1);
    const int steps = std::max(2, static_cast<int>(pair_flops(options_.quick) / a->flops()));
    const auto train = [steps](Training& training) {
      for (int i = 0; i < steps; ++i) training.step();
    };
    const auto train_both = [=, this] {
      both_.run(2, [&](std::int64_t i) { train(i == 0 ? *a : *b); });
    };
    pairs_.push_back({step_case, steps, rounds_.add(train_both, kPairSampling)});
  }

  /// What two cores could bring at best.
  void add_peak_pair() {
    const double flops = pair_flops(options_.quick);
    const auto spend_both = [=, this] {
      both_.run(2, [=](std::int64_t) { spend_multiply_adds(flops); });
    };
    peak_alone_item_ = rounds_.add([=] { spend_multiply_adds(flops); }, kPairSampling);
    peak_pair_item_ = rounds_.add(spend_both, kPairSampling);
  }

  std::span<const double> seconds(const StepCase& step_case, bool batch_norm, int threads) const {
    for (const StepEntry& step : steps_) {
      if (step.step_case.model == step_case.model && step.step_case.batch == step_case.batch &&
          step.step_case.precision == step_case.precision && step.batch_norm == batch_norm &&
          step.threads == threads) {
        return rounds_.seconds(step.item);
      }
    }
    return {};
  }

  KernelResult kernel_result(const KernelItem& item, std::size_t index) const {
    const Spread seconds = spread_of(rounds_.seconds(index));
    double bytes = 0;
    double memory_seconds = 0;
    for (const Traffic& traffic : item.traffic) {
      bytes += traffic.bytes;
      memory_seconds += traffic.bytes / limits_.bytes_per_second(traffic.mix, item.working_set);
    }
    const double product_seconds = item.flops / limits_.flops_per_second();
    KernelResult result{
        .name = item.name,
        .shape = item.shape,
        .limit = product_seconds > memory_seconds ? "fma" : "bandwidth",
        .gb_per_s = {},
        .gflops = {},
        .share_of_limit = std::max(memory_seconds, product_seconds) / seconds.median,
        .seconds = seconds};
    if (bytes > 0) result.gb_per_s = bytes / seconds.median / kGiga;
    if (item.flops > 0) result.gflops = item.flops / seconds.median / kGiga;
    return result;
  }

  StepResult step_result(const StepEntry& step) const {
    const auto samples = rounds_.seconds(step.item);
    const Spread seconds = spread_of(samples);
    const double flops = step.training->flops();
    const std::vector<double> at_peak =
        limits_.seconds_at_peak(flops / step.threads, step.peak_item);
    return {.model = step.step_case.model,
            .batch = step.step_case.batch,
            .optimizer = optimizer_text(step.step_case.optimizer),
            .norm = step.batch_norm ? "batch" : "none",
            .precision = precision_text(step.step_case.precision),
            .threads = step.threads,
            .gflops = flops / seconds.median / kGiga,
            .share_of_peak = spread_of_ratios(at_peak, samples).median,
            .time_shares = step.training->time_shares(
                std::max(3, static_cast<int>(profile_seconds() / seconds.median))),
            .seconds = seconds};
  }

  /// Time for finding where a step's time goes.
  double profile_seconds() const { return options_.quick ? 0 : 0.1; }

  void add_norm_costs(BenchResult& result) const {
    for (const StepEntry& step : steps_) {
      if (!step.batch_norm) continue;
      const StepCase& c = step.step_case;
      result.norm_cost.push_back(
          {c.model, c.batch, optimizer_text(c.optimizer), precision_text(c.precision), step.threads,
           spread_of_ratios(seconds(c, true, step.threads), seconds(c, false, step.threads))});
    }
  }

  void add_scaling(BenchResult& result) const {
    if (pairs_.empty()) return;
    const auto one = rounds_.seconds(peak_alone_item_);
    std::vector<double> twice(one.begin(), one.end());
    for (double& s : twice) s *= 2;
    result.scaling.push_back(
        {"limit", "", 0, "float", spread_of_ratios(twice, rounds_.seconds(peak_pair_item_))});
    for (const PairEntry& pair : pairs_) {
      const StepCase& c = pair.step_case;
      const auto alone = seconds(c, true, 1);
      std::vector<double> both_alone(alone.begin(), alone.end());
      for (double& s : both_alone) s *= 2 * pair.steps;
      result.scaling.push_back({"trials", c.model, c.batch, precision_text(c.precision),
                                spread_of_ratios(both_alone, rounds_.seconds(pair.item))});
      result.scaling.push_back({"threads", c.model, c.batch, precision_text(c.precision),
                                spread_of_ratios(alone, seconds(c, true, 2))});
    }
  }

  BenchOptions options_;
  std::map<std::int64_t, Dataset> data_;  ///< by the size of an image
  Workspace workspace_;
  Rounds rounds_;
  MachineLimits limits_;
  std::vector<KernelItem> kernels_;
  std::vector<std::size_t> kernel_items_;
  std::vector<StepEntry> steps_;
  std::vector<PairEntry> pairs_;
  ThreadPool both_{2};               ///< of a pair
  std::size_t peak_alone_item_ = 0;  ///< where there are pairs
  std::size_t peak_pair_item_ = 0;
};

}  // namespace

BenchResult run_benchmark(const BenchOptions& options,
                          const std::function<void(const std::string&)>& on_progress) {
  const auto start = std::chrono::steady_clock::now();
  const double load = load_average();
  on_progress("preparing");
  Benchmark benchmark(options);
  on_progress("checking every kernel against its reference");
  benchmark.check();
  on_progress("warming up");
  std::int64_t rounds = 0;
  benchmark.run([&](const Rounds::Progress& progress) {
    rounds = progress.round;
    on_progress(fmt::format("round {}, {:.0f} s", progress.round, progress.seconds));
  });
  BenchResult result = benchmark.result();
  for (const auto& [isa, peak] : peak_by_isa()) {
    result.limits.fma_gflops_by_isa.emplace_back(to_string(isa), peak / kGiga);
  }
  result.rounds = rounds;
  result.load_average = load;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

std::vector<std::string> warnings(const BenchResult& result) {
  std::vector<std::string> found;
#ifndef __OPTIMIZE__
  found.emplace_back("this build is not optimised: its times mean nothing");
#elif !defined(NDEBUG)
  found.emplace_back("this is a debug build, with assertions on: its times mean little");
#endif
  constexpr double kBusyLoad = 0.5;
  constexpr double kDisturbed = 0.02;
  constexpr double kWide = 0.1;
  if (result.load_average > kBusyLoad) {
    found.push_back(fmt::format(
        "the machine was busy before the run (load average {:.1f}): trust ratios more than times",
        result.load_average));
  }
  if (result.disturbed_share > kDisturbed) {
    found.push_back(fmt::format("{:.0f} % of the samples were interrupted by other programs",
                                100 * result.disturbed_share));
  }
  std::vector<double> spreads;
  for (const StepResult& step : result.steps) spreads.push_back(step.seconds.relative_iqr());
  for (const KernelResult& kernel : result.kernels) {
    spreads.push_back(kernel.seconds.relative_iqr());
  }
  if (const double usual = spread_of(spreads).median; usual > kWide) {
    found.push_back(
        fmt::format("times vary by {:.0f} % (median interquartile range)", 100 * usual));
  }
  return found;
}

}  // namespace normlab::bench
