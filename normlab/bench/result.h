#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "normlab/bench/limits.h"
#include "normlab/bench/samples.h"
#include "normlab/bench/time_shares.h"

namespace normlab::bench {

struct LimitsResult {
  double fma_gflops_per_core = 0;
  /// Read twice, written once, at the largest working set.
  double bandwidth_gb_per_s = 0;
  std::vector<std::pair<std::string, double>> fma_gflops_by_isa = {};
  std::vector<Bandwidth> bandwidth = {};
};

struct KernelResult {
  std::string name;
  std::string shape;
  std::string limit;               ///< what binds it: "bandwidth" or "fma"
  std::optional<double> gb_per_s;  ///< of the accesses it cannot do without; not for products
  std::optional<double> gflops;    ///< of products
  double share_of_limit = 0;
  Spread seconds = {};
};

struct StepResult {
  std::string model;
  std::int64_t batch = 0;
  std::string optimizer;
  std::string norm;  ///< "batch" or "none"
  std::string precision;
  int threads = 1;
  double gflops = 0;
  double share_of_peak = 0;  ///< in float, of as many cores as threads: bf16 may go beyond
  std::vector<TimeShare> time_shares = {};  ///< in the order of the network
  Spread seconds = {};
};

/// A step with batch norm over one without, paired.
struct NormCost {
  std::string model;
  std::int64_t batch = 0;
  std::string optimizer;
  std::string precision;
  int threads = 1;
  Spread ratio = {};
};

/// What a second core brings: steps a second of two against those of one.
struct Scaling {
  /// "trials": two trials against one; "threads": one trial on two threads; "limit": two loops of
  /// multiply-adds, without a model
  std::string kind;
  std::string model;
  std::int64_t batch = 0;
  std::string precision;
  Spread ratio = {};
};

struct BenchResult {
  LimitsResult limits;
  std::vector<KernelResult> kernels;
  std::vector<StepResult> steps;
  std::vector<NormCost> norm_cost;
  std::vector<Scaling> scaling;
  std::int64_t rounds = 0;
  double seconds = 0;
  double disturbed_share = 0;  ///< of samples, to the last try
  double load_average = 0;     ///< of the last minute, before the run
};

}  // namespace normlab::bench
