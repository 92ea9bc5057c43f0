#include "normlab/cli/run_request.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "normlab/base/command_text.h"
#include "normlab/base/error.h"
#include "normlab/cli/option_values.h"

namespace normlab {
namespace {

constexpr WholeRange kThreads{.low = 1, .high = 1024};

/// Whether the text starts like key=value. A model's layers never do.
bool is_setting(std::string_view text) {
  const std::size_t equals = text.find('=');
  return equals != std::string_view::npos &&
         std::ranges::all_of(text.substr(0, equals), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
         });
}

/// The arguments and options that fix the study and what is said of it.
std::vector<std::string> study_words(const RunRequest& request) {
  std::vector<std::string> words = request.arguments;
  if (!request.data.empty()) words.insert(words.end(), {"--data", request.data});
  if (request.smoke) words.emplace_back("--smoke");
  if (request.threshold)
    words.insert(words.end(), {"--threshold", format_number(*request.threshold)});
  if (!request.primary.empty()) words.insert(words.end(), {"--primary", request.primary});
  return words;
}

}  // namespace

std::string RunRequest::model() const {
  std::string model;
  for (const std::string& argument : arguments) {
    if (is_setting(argument)) continue;
    if (!model.empty()) {
      fail(
          "what is '{}' for? The model is '{}' already, and settings are written key=value without "
          "blanks",
          argument, model);
    }
    model = argument;
  }
  return model;
}

std::vector<std::string> RunRequest::settings() const {
  std::vector<std::string> settings;
  std::ranges::copy_if(arguments, std::back_inserter(settings), is_setting);
  if (!data.empty()) settings.push_back("data=" + data);
  return settings;
}

std::string RunRequest::command() const {
  return command_text(study_words(*this));
}

std::string RunRequest::go_on_command() const {
  std::vector<std::string> words = study_words(*this);
  words.insert(words.begin(), "run");
  const auto add = [&](bool given, std::initializer_list<std::string> option) {
    if (given) words.insert(words.end(), option);
  };
  add(jobs > 0, {"--jobs", fmt::format("{}", jobs)});
  add(threads != RunRequest{}.threads, {"--threads", fmt::format("{}", threads)});
  add(json, {"--json"});
  add(quiet, {"--quiet"});
  add(fail_fast, {"--fail-fast"});
  add(fetch, {"--fetch"});
  add(no_report, {"--no-report"});
  return normlab_command(std::move(words), runs);
}

int RunRequest::jobs_or_default() const {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return jobs > 0 ? jobs : std::max(1, cores / threads);
}

void add_run_options(CLI::App& command, RunRequest& request) {
  command.add_option("ARGUMENTS", request.arguments)
      ->option_text("MODEL [key=value[,value...]]...")
      ->group("");
  command
      .add_option("--data", request.data, "The data set, a name or a folder; short for data=...")
      ->option_text("NAME|DIR");
  command
      .add_option("--runs", request.runs,
                  "Where everything goes: the store, STUDY/report.html, weights as "
                  "checkpoints/TRIAL.safetensors (default: runs)")
      ->option_text("DIR");
  add_whole_option(command, "--jobs", request.jobs, kThreads,
                   "Trials at a time (default: one for each core)")
      ->option_text("N");
  add_whole_option(command, "--threads", request.threads, kThreads,
                   "Threads for each trial (default: 1)")
      ->option_text("N");
  add_number_option(command, "--threshold", request.threshold, kShareRange,
                    "Validation accuracy that 'steps to accuracy' waits for (default: what the "
                    "baseline ends with)")
      ->option_text("SHARE");
  command
      .add_option("--primary", request.primary,
                  "The metric that decides the study, named before it runs; all others are "
                  "described (default: the study's, or validation_accuracy)")
      ->option_text("METRIC");
  command.add_flag("--json", request.json, "Print one JSON object instead of the table");
  command.add_flag("-q,--quiet", request.quiet, "Show no progress and no advice on the results");
  command.add_flag("--dry-run", request.dry_run,
                   "Check everything and print the plan; train nothing");
  command.add_flag("--fail-fast", request.fail_fast, "Stop everything when one trial fails");
  command.add_flag("--fetch", request.fetch, "Download the data set first where it is not here");
  command.add_flag("--force", request.force, "Train finished trials again, from their beginning");
  command.add_flag("--smoke", request.smoke,
                   "The short variant of a study, a few steps for each trial");
  command.add_flag("--no-report", request.no_report,
                   "Do not write the report, RUNS/STUDY/report.html");
  command.add_flag("--help-settings", request.help_settings, "Describe every setting and exit");
}

}  // namespace normlab
