#pragma once

#include <functional>
#include <string>

#include "normlab/bench/result.h"
#include "normlab/bench/rounds.h"

namespace normlab::bench {

struct BenchOptions {
  bool quick = false;   ///< three short rounds, and no shapes beyond the caches
  std::string filter;   ///< only kernels and steps in whose name this occurs; empty: all
  double seconds = 40;  ///< begin no further round after so long
};

/// Measures limits, kernels and training steps in turns. Throws RequestError when the filter leaves
/// nothing, Error when a kernel's result is not the reference's. `on_progress` is told what is
/// being done.
BenchResult run_benchmark(const BenchOptions& options,
                          const std::function<void(const std::string&)>& on_progress);

/// Reasons not to trust the figures: another program at work, samples that were disturbed, wide
/// spreads, a build without optimisation.
std::vector<std::string> warnings(const BenchResult& result);

}  // namespace normlab::bench
