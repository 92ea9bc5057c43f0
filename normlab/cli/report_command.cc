#include "normlab/cli/report_command.h"

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/base/atomic_write.h"
#include "normlab/base/error.h"
#include "normlab/cli/choose_study.h"
#include "normlab/cli/comparison_output.h"
#include "normlab/cli/html_output.h"
#include "normlab/cli/option_values.h"
#include "normlab/cli/output.h"
#include "normlab/lab/comparison.h"
#include "normlab/report/csv.h"
#include "normlab/report/json.h"
#include "normlab/report/latex.h"
#include "normlab/report/study_markdown.h"
#include "normlab/store/store.h"
#include "normlab/store/study_command.h"

namespace normlab {
namespace {

constexpr const char* kReportExamples = R"(STUDY is a study's name (then the latest of it) or id.

Examples:
  normlab report mlp-128-64
  normlab report mlp-128-64 -o report.html
  normlab report mlp-128-64 -o table.tex
  normlab report mlp-128-64 -o trials.csv
  normlab report mlp-128-64 -o epochs.csv --epochs)";

struct ReportRequest {
  std::string study;
  std::string file;
  std::string runs = kDefaultRuns;
  std::optional<double> threshold;
  bool epochs = false;
};

struct Evidence {
  StoredStudy stored;
  std::vector<TrialResult> results;
  Comparison comparison;
  std::vector<std::string> environments;
};

std::string markdown(const Evidence& evidence) {
  return study_markdown(report_input(evidence.stored, evidence.results, evidence.comparison));
}
std::string latex(const Evidence& evidence) {
  return comparison_latex(evidence.comparison, evidence.stored.data);
}
std::string csv(const Evidence& evidence) {
  return trials_csv(evidence.stored.study, evidence.results, evidence.comparison);
}
std::string epoch_lines(const Evidence& evidence) {
  return epochs_csv(evidence.stored.study, evidence.results, evidence.comparison.metrics);
}
std::string json(const Evidence& evidence) {
  return comparison_json(evidence.stored.study, evidence.results, evidence.comparison,
                         evidence.stored.data);
}
std::string table(const Evidence& evidence) {
  return terminal_table(evidence.comparison, evidence.stored.data);
}

std::string html(const Evidence& evidence) {
  return study_html(report_input(evidence.stored, evidence.results, evidence.comparison),
                    evidence.environments, read_dataset);
}

using Writer = std::string (*)(const Evidence&);
struct Format {
  std::string_view extension;
  Writer write;
};
constexpr std::array<Format, 5> kFormats = {
    {{".html", html}, {".md", markdown}, {".tex", latex}, {".csv", csv}, {".json", json}}};

/// What the request's file is written by, known before the store is read.
Writer find_writer(const ReportRequest& request) {
  const std::string extension = std::filesystem::path(request.file).extension().string();
  if (request.epochs && extension != ".csv") {
    fail("--epochs gives a row per epoch of a .csv file: name one with -o FILE.csv");
  }
  if (request.file.empty()) return table;
  if (request.epochs) return epoch_lines;
  std::vector<std::string_view> known;
  for (const Format& format : kFormats) {
    if (format.extension == extension) return format.write;
    known.push_back(format.extension);
  }
  fail("-o {}: cannot tell the format from its name; it ends in one of {}", request.file,
       fmt::join(known, ", "));
}

Evidence read_evidence(const ReportRequest& request, Writer write) {
  Store store(request.runs, Database::Access::read);
  Evidence evidence;
  evidence.stored = store.find_study(request.study);
  say_which(store, evidence.stored, request.study, request.runs);
  // Only the page draws curves and the inside of networks.
  const bool is_page = write == html;
  evidence.results = store.results(evidence.stored.study, is_page ? Series::with : Series::without);
  if (is_page) add_insights(store, evidence.results);
  evidence.environments = store.environments(evidence.stored.study);
  evidence.comparison =
      compare(evidence.stored.study, evidence.results,
              {.threshold = request.threshold ? request.threshold : evidence.stored.threshold,
               .primary = evidence.stored.primary});
  return evidence;
}

void warn(const ReportRequest& request, const Evidence& evidence) {
  const std::size_t missing = evidence.stored.study.trials.size() - evidence.results.size();
  if (missing > 0) {
    write_message(fmt::format(
        "normlab: warning: {} of {} trials have no result yet; to go on: {}\n", missing,
        evidence.stored.study.trials.size(), run_again_command(evidence.stored, request.runs)));
  }
  write_warnings(evidence.comparison);
}

void report(const ReportRequest& request) {
  const Writer write = find_writer(request);
  const Evidence evidence = read_evidence(request, write);
  const std::string text = write(evidence);
  warn(request, evidence);
  if (request.file.empty()) return write_output(text);
  write_atomically(request.file, std::as_bytes(std::span(text)));
}

}  // namespace

void add_report_command(CLI::App& root) {
  CLI::App* command =
      root.add_subcommand("report", "Compare the arms of a stored study, as text or as a file");
  const auto request = std::make_shared<ReportRequest>();
  command->add_option("STUDY", request->study)->required()->option_text("STUDY")->group("");
  command
      ->add_option(
          "-o,--output", request->file,
          "Write a file instead: an .html report with pictures, .md or .tex tables, a .csv with "
          "a row per trial, .json")
      ->option_text("FILE");
  command->add_option("--runs", request->runs, "Where studies are stored (default: runs)")
      ->option_text("DIR");
  add_number_option(*command, "--threshold", request->threshold, kShareRange,
                    "Validation accuracy that 'steps to accuracy' waits for (default: the run's)")
      ->option_text("SHARE");
  command->add_flag("--epochs", request->epochs, "In a .csv file: a row per epoch");
  command->footer(kReportExamples);
  command->callback([request] { report(*request); });
}

}  // namespace normlab
