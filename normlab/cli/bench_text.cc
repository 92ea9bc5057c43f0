#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "normlab/cli/aligned_text.h"
#include "normlab/cli/bench_command.h"

namespace normlab {
namespace {

using bench::BenchResult;
using bench::Spread;
using Rows = std::vector<std::vector<std::string>>;

std::string size_text(double bytes) {
  if (bytes < 1 << 20) return fmt::format("{:.0f} KiB", bytes / (1 << 10));
  return fmt::format("{:.0f} MiB", bytes / (1 << 20));
}

std::string time_text(double seconds) {
  if (seconds < 1e-3) return fmt::format("{:.3g} us", seconds * 1e6);
  return fmt::format("{:.3g} ms", seconds * 1e3);
}

std::string percent_text(double share) {
  return fmt::format("{:.0f} %", 100 * share);
}

/// The interquartile range over the median.
std::string spread_text(const Spread& spread) {
  return fmt::format("{:.1f} %", 100 * spread.relative_iqr());
}

std::string describe_limits(const bench::LimitsResult& limits) {
  std::string text =
      fmt::format("FMA peak of one core     {:.1f} GFLOP/s", limits.fma_gflops_per_core);
  for (const auto& [isa, gflops] : limits.fma_gflops_by_isa) {
    text += fmt::format("{}{} {:.1f}",
                        &isa == &limits.fma_gflops_by_isa.front().first ? " (" : ", ", isa, gflops);
  }
  text += limits.fma_gflops_by_isa.empty() ? "\n" : ")\n";
  text += fmt::format("memory, 2 reads 1 write  {:.1f} GB/s\n\n", limits.bandwidth_gb_per_s);

  Rows rows = {{"bandwidth, GB/s"}};
  for (const bench::Mix mix : bench::kMixes) rows[0].emplace_back(to_string(mix));
  std::map<double, std::map<bench::Mix, double>> by_size;
  for (const bench::Bandwidth& b : limits.bandwidth) {
    by_size[b.working_set][b.mix] = b.bytes_per_second / 1e9;
  }
  for (const auto& [size, mixes] : by_size) {
    rows.push_back({size_text(size)});
    for (const bench::Mix mix : bench::kMixes) {
      rows.back().push_back(fmt::format("{:.1f}", mixes.at(mix)));
    }
  }
  return text + align_columns(rows, "lrrrr");
}

std::string describe_kernels(const std::vector<bench::KernelResult>& kernels) {
  Rows rows = {{"kernel", "shape", "time", "n", "spread", "GB/s", "GFLOP/s", "of limit", "limit"}};
  for (const auto& kernel : kernels) {
    rows.push_back({kernel.name, kernel.shape, time_text(kernel.seconds.median),
                    fmt::format("{}", kernel.seconds.n), spread_text(kernel.seconds),
                    kernel.gb_per_s ? fmt::format("{:.1f}", *kernel.gb_per_s) : "",
                    kernel.gflops ? fmt::format("{:.1f}", *kernel.gflops) : "",
                    percent_text(kernel.share_of_limit), kernel.limit});
  }
  return align_columns(rows, "llrrrrrrl");
}

/// "mlp-512-256", "mlp-512-256 bf16"; for a result of bench/result.h.
std::string model_text(const auto& result) {
  return result.precision == "float" ? result.model : result.model + " " + result.precision;
}

std::string describe_steps(const std::vector<bench::StepResult>& steps) {
  Rows rows = {{"training step", "batch", "optimizer", "norm", "threads", "time", "n", "spread",
                "GFLOP/s", "of peak"}};
  for (const auto& step : steps) {
    rows.push_back({model_text(step), fmt::format("{}", step.batch), step.optimizer, step.norm,
                    fmt::format("{}", step.threads), time_text(step.seconds.median),
                    fmt::format("{}", step.seconds.n), spread_text(step.seconds),
                    fmt::format("{:.1f}", step.gflops), percent_text(step.share_of_peak)});
  }
  return align_columns(rows, "lrllrrrrrr");
}

/// Where the time of the steps with batch norm on one thread goes.
std::string describe_layers(const std::vector<bench::StepResult>& steps) {
  Rows rows = {{"time by layer, 1 thread", "batch", "", "forward", "backward"}};
  const auto share_text = [](double share) { return fmt::format("{:.1f} %", 100 * share); };
  for (const auto& step : steps) {
    if (step.norm != "batch" || step.threads != 1) continue;
    for (const bench::TimeShare& share : step.time_shares) {
      rows.push_back({model_text(step), fmt::format("{}", step.batch), share.part,
                      share_text(share.forward), share_text(share.backward)});
    }
  }
  return align_columns(rows, "lrlrr");
}

/// The same by kind of layer, also on several threads.
std::string describe_kinds(const std::vector<bench::StepResult>& steps) {
  Rows rows = {{"time by kind", "batch", "threads", "shares"}};
  for (const auto& step : steps) {
    if (step.norm != "batch") continue;
    std::vector<std::string> parts;
    for (const auto& [kind, share] : by_kind(step.time_shares)) {
      parts.push_back(fmt::format("{} {}", kind, percent_text(share)));
    }
    rows.push_back({model_text(step), fmt::format("{}", step.batch),
                    fmt::format("{}", step.threads), fmt::format("{}", fmt::join(parts, ", "))});
  }
  return align_columns(rows, "lrrl");
}

std::string describe_ratios(const BenchResult& result) {
  Rows costs = {{"cost of batch norm", "batch", "threads", "of the step", "quartiles"}};
  for (const auto& cost : result.norm_cost) {
    costs.push_back({model_text(cost), fmt::format("{}", cost.batch),
                     fmt::format("{}", cost.threads),
                     fmt::format("{:+.1f} %", 100 * (cost.ratio.median - 1)),
                     fmt::format("{:+.1f} to {:+.1f} %", 100 * (cost.ratio.q1 - 1),
                                 100 * (cost.ratio.q3 - 1))});
  }
  Rows scaling = {{"two cores against one", "batch", "", "ratio", "quartiles"}};
  for (const auto& s : result.scaling) {
    const bool limit = s.kind == "limit";
    scaling.push_back({limit ? "multiply-adds" : model_text(s),
                       limit ? "" : fmt::format("{}", s.batch),
                       s.kind == "threads" ? "one trial, two threads"
                       : limit             ? "two loops"
                                           : "two trials",
                       fmt::format("{:.2f}", s.ratio.median),
                       fmt::format("{:.2f} to {:.2f}", s.ratio.q1, s.ratio.q3)});
  }
  std::string text = align_columns(costs, "lrrrr");
  if (!result.scaling.empty()) text += "\n" + align_columns(scaling, "lrlrr");
  return text;
}

}  // namespace

std::string describe_bench(const BenchResult& result) {
  std::string text = describe_limits(result.limits);
  if (!result.kernels.empty()) text += "\n" + describe_kernels(result.kernels);
  if (!result.steps.empty()) {
    text += "\n" + describe_steps(result.steps) + "\n" + describe_layers(result.steps) + "\n" +
            describe_kinds(result.steps) + "\n" + describe_ratios(result);
  }
  text += fmt::format("\n{} rounds, {:.0f} s; medians; spread is the interquartile range\n",
                      result.rounds, result.seconds);
  return text;
}

std::string describe_changes(const std::vector<bench::Change>& changes) {
  Rows rows = {{"", "before", "after", "after / before", ""}};
  const auto slower = std::count_if(changes.begin(), changes.end(),
                                    [](const bench::Change& c) { return c.slower; });
  const auto faster = std::count_if(changes.begin(), changes.end(),
                                    [](const bench::Change& c) { return c.faster; });
  for (const bench::Change& change : changes) {
    if (!change.slower && !change.faster) continue;
    rows.push_back({change.name, time_text(change.before), time_text(change.after),
                    fmt::format("{:.2f}", change.after / change.before),
                    change.slower ? "slower" : "faster"});
  }
  const std::string table = rows.size() > 1 ? align_columns(rows, "lrrrl") + "\n" : "";
  return table + fmt::format("{} compared: {} slower, {} faster, the others' ranges meet\n",
                             changes.size(), slower, faster);
}

}  // namespace normlab
