#include "normlab/cli/show_command.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "normlab/base/atomic_write.h"
#include "normlab/base/error.h"
#include "normlab/cli/choose_study.h"
#include "normlab/cli/output.h"
#include "normlab/cli/show_text.h"
#include "normlab/store/store.h"
#include "normlab/store/study_command.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kShowExamples =
    R"(ID is a study's name or id, or a trial's id; the beginning of an id is enough.

Examples:
  normlab show mlp-128-64
  normlab show 0123456789ab
  normlab show 0123456789ab --series train_loss > loss.csv
  normlab show 0123456789ab --checkpoint weights.safetensors)";

struct ShowRequest {
  std::string id;
  std::string runs = kDefaultRuns;
  std::string series;
  std::string checkpoint;
};

/// The weights lie beside the store, even if the folder has been moved since.
fs::path weights_file(const ShowRequest& request, const TrialResult& result) {
  const std::string& written = result.record.checkpoint;
  if (written.empty()) {
    fail("trial {} kept no weights; to train it with them: {}", result.trial.id,
         run_trial_command(result.trial.settings, std::vector<std::string>{"checkpoint=last"},
                           request.runs));
  }
  const fs::path beside = fs::path(request.runs) / "checkpoints" / fs::path(written).filename();
  std::error_code error;
  return fs::exists(beside, error) ? beside : fs::path(written);
}

void copy_weights(const ShowRequest& request, const TrialResult& result) {
  const fs::path source = weights_file(request, result);
  std::ifstream file(source, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  if (!file) {
    fail<Error>("trial {}: cannot read its weights in {}", result.trial.id, source.string());
  }
  write_atomically(request.checkpoint, std::as_bytes(std::span(bytes)));
}

/// Series and weights belong to trials alone, so no study is looked for.
TrialResult find_trial(Store& store, const std::string& id) {
  auto result = store.find_trial(id);
  if (!result) {
    fail(
        "no trial '{}': series and weights are a trial's, and 'normlab show STUDY' lists a "
        "study's trials",
        id);
  }
  return std::move(*result);
}

/// Neither a study nor a trial: what find_study says, with the nearest name, and a word on trials.
[[noreturn]] void fail_unknown(Store& store, const std::string& id) {
  try {
    store.find_study(id);
  } catch (const RequestError& error) {
    fail("no trial and {}", error.what());
  }
  fail("no trial and no study '{}'", id);
}

/// Whether the word is all of what the study is called by, not the beginning of an id.
bool is_called(const StoredStudy& stored, const std::string& word) {
  return stored.study.id == word || stored.study.name == word;
}

void show_either(Store& store, const ShowRequest& request) {
  const std::string& id = request.id;
  const std::optional<StoredStudy> study = store.find_study_if(id);
  std::optional<TrialResult> trial;
  if (!study || !is_called(*study, id)) trial = store.find_trial(id);
  if (study && trial) {
    fail("'{}' begins the id of study {} and of trial {}; give more of it", id, study->study.id,
         trial->trial.id);
  }
  if (trial) {
    trial->record.probe = store.find_probe(trial->trial.id);
    return write_output(trial_text(*trial, store.environment_of(trial->trial.id)));
  }
  if (!study) fail_unknown(store, id);
  say_which(store, *study, id, request.runs);
  write_output(study_text(*study, store.results(study->study, Series::without),
                          run_again_command(*study, request.runs)));
}

void show(const ShowRequest& request) {
  Store store(request.runs, Database::Access::read);
  if (request.series.empty() && request.checkpoint.empty()) return show_either(store, request);
  const TrialResult trial = find_trial(store, request.id);
  if (!request.checkpoint.empty()) copy_weights(request, trial);
  if (!request.series.empty()) write_output(series_text(trial.record, request.series));
}

}  // namespace

void add_show_command(CLI::App& root) {
  CLI::App* command = root.add_subcommand("show", "What is stored of a study or a trial");
  const auto request = std::make_shared<ShowRequest>();
  command->add_option("ID", request->id)->required()->option_text("ID")->group("");
  command->add_option("--runs", request->runs, "Where studies are stored (default: runs)")
      ->option_text("DIR");
  command
      ->add_option("--series", request->series,
                   "Print step,value lines of a trial's series: train_loss, of every step")
      ->option_text("NAME");
  command->add_option("--checkpoint", request->checkpoint, "Copy a trial's weights to this file")
      ->option_text("FILE");
  command->footer(kShowExamples);
  command->callback([request] { show(*request); });
}

}  // namespace normlab
