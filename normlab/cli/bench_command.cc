#include "normlab/cli/bench_command.h"

#include <fstream>
#include <memory>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "normlab/base/error.h"
#include "normlab/bench/benchmark.h"
#include "normlab/bench/json.h"
#include "normlab/cli/environment.h"
#include "normlab/cli/option_values.h"
#include "normlab/cli/output.h"
#include "normlab/cli/terminal.h"

namespace normlab {
namespace {

constexpr const char* kBenchExamples =
    R"(Limits, kernels and training steps are measured in turns, round after round, so that what
slows the machine for a while slows all of them. Every kernel is checked against its reference
before it is timed. It takes about a minute, on one core and then two.

Examples:
  normlab bench                              all of it
  normlab bench --filter norm_forward        the kernels of that name
  normlab bench --filter "step cnn-32"       the training steps of that model
  normlab bench --json > before.json         to be compared later
  normlab bench --compare before.json after.json   fails where something became slower)";

struct BenchRequest {
  bench::BenchOptions options;
  bool json = false;
  std::vector<std::string> compared;
};

nlohmann::json read_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) fail("{}: cannot be read", path);
  nlohmann::json json = nlohmann::json::parse(file, nullptr, false);
  if (json.is_discarded())
    fail("{}: not JSON; expected the output of 'normlab bench --json'", path);
  return json;
}

void compare_files(const std::string& before, const std::string& after) {
  const auto changes = bench::compare(read_json(before), before, read_json(after), after);
  write_output(describe_changes(changes));
  for (const bench::Change& change : changes) {
    if (change.slower) fail<Error>("{} is slower in {} than in {}", change.name, after, before);
  }
}

/// One line that is drawn again on a terminal, nothing elsewhere.
class ProgressLine {
 public:
  ProgressLine() = default;
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() {
    if (terminal_.interactive) write_message(fmt::format("\r{}\r", fit("", terminal_.columns - 1)));
  }
  void show(const std::string& text) const {
    if (terminal_.interactive) write_message("\r" + fit("bench: " + text, terminal_.columns - 1));
  }

 private:
  Terminal terminal_ = inspect_terminal(Stream::error);
};

void run_bench(const BenchRequest& request) {
  bench::BenchResult result;
  {
    const ProgressLine line;
    result = run_benchmark(request.options, [&](const std::string& text) { line.show(text); });
  }
  for (const std::string& warning : warnings(result)) {
    write_message(fmt::format("normlab: warning: {}\n", warning));
  }
  if (request.json) {
    const auto environment = nlohmann::ordered_json::parse(describe_environment());
    write_output(result_json(result, environment).dump(1) + "\n");
  } else {
    write_output(describe_bench(result));
  }
}

}  // namespace

void add_bench_command(CLI::App& root) {
  CLI::App* command = root.add_subcommand(
      "bench", "Measure this machine's limits and how near kernels and training come to them");
  const auto request = std::make_shared<BenchRequest>();
  command->add_flag("--json", request->json, "Print one JSON object");
  command->add_flag("--quick", request->options.quick,
                    "Three short rounds, and nothing larger than the caches");
  command
      ->add_option(
          "--filter", request->options.filter,
          "Only kernels (\"NAME SHAPE\") and steps (\"step MODEL batch=N\") with this text")
      ->option_text("TEXT");
  add_number_option(*command, "--seconds", request->options.seconds, {.low = 0, .high = 86'400},
                    "How long to go on measuring")
      ->option_text("N (40)");
  command
      ->add_option("--compare", request->compared, "Compare two outputs of --json; measure nothing")
      ->expected(2)
      ->option_text("BEFORE.json AFTER.json");
  command->footer(kBenchExamples);
  command->callback([request] {
    if (!request->compared.empty())
      return compare_files(request->compared[0], request->compared[1]);
    run_bench(*request);
  });
}

}  // namespace normlab
