#include "normlab/cli/run_command.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "normlab/cli/command_line.h"
#include "normlab/cli/interrupt.h"
#include "normlab/cli/output.h"
#include "normlab/cli/progress.h"
#include "normlab/cli/run_outcome.h"
#include "normlab/cli/run_request.h"
#include "normlab/cli/study_plan.h"
#include "normlab/cli/terminal.h"
#include "normlab/lab/comparison.h"
#include "normlab/lab/settings_help.h"
#include "normlab/report/json.h"
#include "normlab/report/table.h"
#include "normlab/train/trial_runner.h"

namespace normlab {
namespace {

constexpr const char* kExamples = R"(MODEL is a name, a .toml file or a list of layers.

Examples:
  normlab run mlp-128-64
      with against without batch normalization, 5 seeds each, on the built-in data
  normlab run mlp-128-64 --data mnist batch=32,64,128
      the same on MNIST for three batch sizes
  normlab run mlp-128-64 norm=batch 'lr=log(1e-4,1,9)' seed=1..3
      nine learning rates
  normlab run "flatten, linear 100, norm, sigmoid, linear 10" optimizer=sgd lr=0.1
      a model given by its layers
  normlab run --help-settings
      all settings and their values)";

std::filesystem::path make_checkpoint_folder(const std::string& runs) {
  const std::filesystem::path folder = std::filesystem::path(runs) / "checkpoints";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    fail("--runs {}: cannot make the folder {}: {}", runs, folder.string(), error.message());
  return folder;
}

void write_report(const RunRequest& request, const PlannedStudy& plan,
                  std::span<const TrialResult> results) {
  const Comparison comparison = compare(plan.study, results, {.threshold = request.threshold});
  if (request.json) {
    write_output(comparison_json(plan.study, results, comparison, plan.data));
  } else {
    TableOptions options;
    if (const Terminal terminal = inspect_terminal(Stream::output); terminal.interactive) {
      options.width = terminal.columns;
    }
    write_output(comparison_table(comparison, plan.data, options));
  }
}

void run(const RunRequest& request) {
  if (request.help_settings) return write_output(settings_help());
  if (request.dry_run && request.json) fail("--dry-run prints its plan as text; leave out --json");
  const PlannedStudy plan = plan_study(request.model(), request.settings());
  for (const std::string& warning : plan.warnings)
    write_message(fmt::format("normlab: warning: {}\n", warning));
  if (request.dry_run) return write_output(describe_plan(plan));

  RunOptions options{.jobs = request.jobs_or_default(),
                     .threads = request.threads,
                     .fail_fast = request.fail_fast};
  options.checkpoints = make_checkpoint_folder(request.runs);
  const InterruptWatch interrupts;
  options.stop = interrupts.token();
  std::vector<TrialResult> results;
  {
    const auto progress = request.quiet ? nullptr : make_progress(plan.study);
    options.observer = progress.get();
    results = run_study(plan.study, plan.datasets, options, run_trial);
  }
  if (!results.empty()) write_report(request, plan, results);
  throw_unless_complete(plan.study, results, interrupts.signal());
}

}  // namespace

void add_run_command(CLI::App& root) {
  CLI::App* command = root.add_subcommand(
      "run", "Train a model with every combination of settings and compare the outcomes");
  const auto request = std::make_shared<RunRequest>();
  add_run_options(*command, *request);
  command->footer(kExamples);
  command->callback([request] { run(*request); });
}

}  // namespace normlab
