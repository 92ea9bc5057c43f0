// Training steps of normlab for bench/peers/run.py, which tells this program what to do as it tells
// the peers:
//
//   normlab_peer MODEL BATCH batch|none THREADS
//
// Prints a line of JSON about itself, then for each line with a number N on its input takes N steps
// and prints the seconds of one, in the end how much memory model and steps took at most.

#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>

#include <fmt/format.h>

#include "normlab/base/error.h"
#include "normlab/base/flush_denormals.h"
#include "normlab/bench/step_items.h"

namespace normlab::bench {
namespace {

StepCase find_case(const std::string& model, std::int64_t batch) {
  for (const StepCase& step_case : step_cases()) {
    if (step_case.model == model && step_case.batch == batch) return step_case;
  }
  fail("the benchmark has no training step {} at batch {}", model, batch);
}

double memory_mib(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != key + ":") continue;
    double kib = 0;
    status >> kib;
    return kib / 1024;
  }
  fail<Error>("/proc/self/status names no {}", key);
}

double begin_memory_peak() {
  std::ofstream("/proc/self/clear_refs") << "5";  // the peak starts anew
  return memory_mib("VmRSS");
}

void work(const StepCase& step_case, bool batch_norm, int threads) {
  using Clock = std::chrono::steady_clock;
  const FlushDenormals flush;
  const Dataset data = make_bench_data(step_case);
  const double before = begin_memory_peak();
  Training training(data, step_case, batch_norm, threads);
  for (int i = 0; i < 3; ++i) training.step();
  std::cout << R"({"peer": "normlab"})" << std::endl;
  for (std::int64_t count = 0; std::cin >> count;) {
    const auto start = Clock::now();
    for (std::int64_t i = 0; i < count; ++i) training.step();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    std::cout << fmt::format("{{\"seconds\": {}}}", seconds / static_cast<double>(count))
              << std::endl;
  }
  std::cout << fmt::format("{{\"mib\": {}}}", memory_mib("VmHWM") - before) << std::endl;
  training.check();
}

}  // namespace
}  // namespace normlab::bench

int main(int argc, char** argv) {
  try {
    if (argc != 5) normlab::fail("usage: normlab_peer MODEL BATCH batch|none THREADS");
    normlab::bench::work(normlab::bench::find_case(argv[1], std::atoll(argv[2])),
                         std::string(argv[3]) == "batch", std::atoi(argv[4]));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "normlab_peer: " << error.what() << '\n';
    return 1;
  }
}
