#include "normlab/cli/run_command.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "normlab/base/atomic_write.h"
#include "normlab/cli/command_line.h"
#include "normlab/cli/comparison_output.h"
#include "normlab/cli/environment.h"
#include "normlab/cli/fetch_progress.h"
#include "normlab/cli/html_output.h"
#include "normlab/cli/interrupt.h"
#include "normlab/cli/output.h"
#include "normlab/cli/plan_text.h"
#include "normlab/cli/progress.h"
#include "normlab/cli/run_outcome.h"
#include "normlab/cli/run_request.h"
#include "normlab/lab/comparison.h"
#include "normlab/lab/setting_value.h"
#include "normlab/lab/settings_help.h"
#include "normlab/lab/study_plan.h"
#include "normlab/report/html/appendix.h"
#include "normlab/report/json.h"
#include "normlab/store/stored_run.h"

namespace normlab {
namespace {

std::filesystem::path make_folder(const std::filesystem::path& runs, const std::string& name) {
  std::error_code error;
  std::filesystem::create_directories(runs / name, error);
  if (error)
    fail<Error>("--runs {}: cannot make the folder {}: {}", runs.string(), name, error.message());
  return runs / name;
}

constexpr const char* kRunExamples = R"(MODEL is a name, a .toml file or a list of layers.

Examples:
  normlab run mlp-128-64
      with against without batch normalization, 10 seeds each, on the built-in data
  normlab run mlp-128-64 --data mnist batch=32,64,128
      the same on MNIST for three batch sizes
  normlab run mlp-128-64 norm=batch 'lr=log(1e-4,1,9)' seed=1..3
      nine learning rates
  normlab run "flatten, linear 100, norm, sigmoid, linear 10" optimizer=sgd lr=0.1
      a model given by its layers
  normlab run batch-size-mlp --data mnist
      a study that comes with the program; run again, it goes on where it stopped
  normlab run --help-settings
      all settings and their values)";

void write_comparison(const RunRequest& request, const PlannedStudy& plan,
                      std::span<const TrialResult> results, const Comparison& comparison) {
  if (request.json) {
    write_output(comparison_json(plan.study, results, comparison, plan.data));
  } else {
    write_output(terminal_table(comparison, plan.data));
  }
  if (!request.quiet) write_warnings(comparison);
}

/// RUNS/STUDY/report.html. The results are safe in the store: that it cannot be written is worth a
/// warning.
void write_report_page(const RunRequest& request, const PlannedStudy& plan, Store& store,
                       std::span<const TrialResult> results, const Comparison& comparison) {
  const auto loaded = [&](const std::string& name) {
    // Lent: the plan outlives the report.
    return std::shared_ptr<const Dataset>(&plan.datasets.at(name), [](const Dataset*) {});
  };
  try {
    const std::filesystem::path file =
        make_folder(request.runs, file_name(plan.study.name)) / "report.html";
    std::vector<TrialResult> drawn(results.begin(), results.end());
    add_insights(store, drawn);
    const std::string page =
        study_html(report_input(store.find_study(plan.study.id), std::move(drawn), comparison),
                   store.environments(plan.study), loaded);
    write_atomically(file, std::as_bytes(std::span(page)));
    if (!request.quiet) write_message(fmt::format("report: {}\n", file.string()));
  } catch (const std::exception& error) {
    write_message(fmt::format("normlab: warning: no report was written: {}\n", error.what()));
  }
}

/// Without --threshold or --primary a study keeps the one that it was stored with, and the command
/// that gives it.
void keep_options(RunRequest& request, PlannedStudy& plan, Store& store) {
  const std::optional<StoredStudy> stored = store.load_study(plan.study.id);
  if (!stored) return;
  if (!request.threshold && stored->threshold) {
    request.threshold = stored->threshold;
    write_message(
        fmt::format("normlab: steps to accuracy wait for {}, as when this study was run before; "
                    "--threshold changes it\n",
                    format_number(*request.threshold)));
  }
  if (request.primary.empty() && stored->primary != plan.primary) {
    plan.primary = stored->primary;
    request.primary = name(plan.primary);
    write_message(fmt::format(
        "normlab: {} decides, as when this study was run before; --primary changes it\n",
        request.primary));
  }
}

std::vector<TrialResult> run_trials(const RunRequest& request, const PlannedStudy& plan,
                                    Store& store, const std::stop_token& stop) {
  const int jobs = request.jobs_or_default();
  const auto progress =
      request.quiet ? nullptr : make_progress(plan.study, reference_seconds(plan), jobs);
  return run_into_store(plan, store,
                        {.runs = request.runs,
                         .command = request.command(),
                         .threshold = request.threshold,
                         .environment = describe_environment(),
                         .force = request.force,
                         .options = {.jobs = jobs,
                                     .threads = request.threads,
                                     .fail_fast = request.fail_fast,
                                     .observer = progress.get(),
                                     .stop = stop}});
}

std::string how_to_go_on(const RunRequest& request) {
  return fmt::format("to go on{}: {}",
                     request.force ? " (without --force, which would begin every trial again)" : "",
                     request.go_on_command());
}

void run(RunRequest& request) {
  if (request.help_settings) return write_output(settings_help());
  if (request.dry_run && request.json) fail("--dry-run prints its plan as text; leave out --json");
  PlannedStudy plan = plan_study(request.model(), request.settings(),
                                 {.smoke = request.smoke,
                                  .primary = request.primary,
                                  .load = request.fetch ? load_or_fetch_dataset : load_dataset});
  write_warnings(plan.warnings);
  check_options({.threshold = request.threshold, .primary = plan.primary});
  if (request.dry_run) return write_output(describe_plan(plan, request.jobs_or_default()));

  const InterruptWatch interrupts;
  Store store(request.runs, Database::Access::write);
  keep_options(request, plan, store);
  const std::vector<TrialResult> results = run_trials(request, plan, store, interrupts.token());
  if (!results.empty()) {
    const Comparison comparison =
        compare(plan.study, results, {.threshold = request.threshold, .primary = plan.primary});
    write_comparison(request, plan, results, comparison);
    if (!request.no_report && has_report_page())
      write_report_page(request, plan, store, results, comparison);
  }
  throw_unless_complete(plan.study, results, interrupts.signal(), how_to_go_on(request));
}

}  // namespace

void add_run_command(CLI::App& root) {
  CLI::App* command = root.add_subcommand(
      "run", "Train a model with every combination of settings and compare the outcomes");
  const auto request = std::make_shared<RunRequest>();
  add_run_options(*command, *request);
  command->footer(kRunExamples);
  command->callback([request] { run(*request); });
}

}  // namespace normlab
