#pragma once

#include <string>
#include <vector>

#include "normlab/bench/compare.h"
#include "normlab/bench/result.h"
#include "normlab/cli/cli11_fwd.h"

namespace normlab {

/// Adds `bench`: this machine's limits, and how near kernels and training steps come to them.
void add_bench_command(CLI::App& root);

/// The result as tables.
std::string describe_bench(const bench::BenchResult& result);

/// One line for each difference, and a line that sums up.
std::string describe_changes(const std::vector<bench::Change>& changes);

}  // namespace normlab
