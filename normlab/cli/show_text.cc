#include "normlab/cli/show_text.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <vector>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "normlab/base/error.h"
#include "normlab/cli/aligned_text.h"
#include "normlab/cli/progress_bars.h"
#include "normlab/lab/metric_description.h"
#include "normlab/lab/settings.h"
#include "normlab/lab/trial_status.h"
#include "normlab/report/number_text.h"
#include "normlab/report/table_columns.h"

namespace normlab {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// A trial's last value of what is measured after epochs or at the end.
std::string last_text(const TrialRecord& record, Metric metric) {
  const MetricDescription& d = describe(metric);
  std::optional<double> value;
  if (d.at_end) value = d.at_end(record);
  if (d.of_epoch && !record.epochs.empty()) value = d.of_epoch(record.epochs.back());
  return plain_text(value, d.display);
}

/// "test loss 0.1234, test accuracy 97.50 %"; empty for a trial that was not tested.
std::string at_end_text(const TrialRecord& record) {
  std::vector<std::string> parts;
  for (const Metric metric : all_metrics()) {
    const MetricDescription& d = describe(metric);
    if (!d.at_end || !d.at_end(record)) continue;
    parts.push_back(
        fmt::format("{} {}{}", d.noun, plain_text(d.at_end(record), d.display), d.display.unit));
  }
  return parts.empty() ? "" : fmt::format("{}\n", fmt::join(parts, ", "));
}

/// Why a trial ended where it did, when it did not go all the way; else empty.
std::string reason(const TrialRecord& record) {
  if (record.divergence) return place_text(*record.divergence);
  if (record.stopped_early) return "stopped by patience";
  return record.error.substr(0, record.error.find('\n'));
}

std::vector<std::string> trial_row(const Study& study, const Trial& trial,
                                   const TrialRecord* record) {
  std::vector<std::string> row = {trial.id, study.arms[trial.arm].label,
                                  std::to_string(trial.settings.seed)};
  if (record == nullptr) {
    row.insert(row.end(), {"not run", "", "", "", "", ""});
    return row;
  }
  row.emplace_back(name(record->status));
  row.push_back(std::to_string(record->epochs.size()));
  row.push_back(last_text(*record, Metric::validation_accuracy));
  row.push_back(last_text(*record, Metric::test_accuracy));
  row.push_back(format_duration(record->seconds));
  row.push_back(reason(*record));
  return row;
}

std::string data_line(const DataFacts& data) {
  return fmt::format("data {}{}: {} examples to train, {} to validate, {} to test\n", data.name,
                     data.synthetic ? " (synthetic)" : "", grouped(data.train),
                     grouped(data.validation), grouped(data.test));
}

std::string outcome_text(const TrialResult& result) {
  const TrialRecord& record = result.record;
  const std::string why = record.divergence ? fmt::format(" {}", reason(record)) : "";
  std::string text = fmt::format("trial {}: {}{}\n{} steps in {}, training alone {:.3g} s\n",
                                 result.trial.id, name(record.status), why, grouped(record.steps),
                                 format_duration(record.seconds), record.train_seconds);
  if (record.step_seconds) {
    text += fmt::format("a step takes {} µs (median)\n", fixed(*record.step_seconds * 1e6, 1));
  }
  if (!record.error.empty()) text += fmt::format("error: {}\n", record.error);
  if (record.stopped_early) {
    text += fmt::format("stopped after epoch {}: {} epochs without a better validation accuracy\n",
                        record.epochs.size(), result.trial.settings.patience);
  }
  for (const LostStatistics& lost : record.lost_statistics) {
    text += fmt::format(
        "layer {}: {} updates of running statistics were left out, as the batch's were beyond "
        "floats\n",
        lost.layer, grouped(lost.updates));
  }
  text += fmt::format("{} examples to train, {} to validate, {} to test\n",
                      grouped(record.train_examples), grouped(record.validation_examples),
                      grouped(record.test_examples));
  text += at_end_text(record);
  if (record.probe) {
    text += fmt::format("probed at {} steps, which took {} % of the training's time\n",
                        record.probe->steps.size(),
                        fixed(100 * record.probe->seconds / record.train_seconds, 1));
  }
  if (!record.checkpoint.empty()) text += fmt::format("weights in {}\n", record.checkpoint);
  return text;
}

std::string epochs_text(std::span<const EpochRecord> epochs) {
  std::vector<const MetricDescription*> columns;
  for (const Metric metric : all_metrics()) {
    const MetricDescription& d = describe(metric);
    if (d.of_epoch && d.of_epoch(epochs.front())) columns.push_back(&d);
  }
  Rows rows = {{"epoch", "steps"}};
  for (const MetricDescription* column : columns) rows[0].push_back(column->label);
  rows[0].emplace_back("seconds");
  for (const EpochRecord& epoch : epochs) {
    rows.push_back({std::to_string(epoch.epoch), std::to_string(epoch.steps)});
    for (const MetricDescription* column : columns)
      rows.back().push_back(plain_text(column->of_epoch(epoch), column->display));
    rows.back().push_back(fixed(epoch.seconds, 3));
  }
  return align_columns(rows, std::string(rows[0].size(), 'r'));
}

std::string environment_text(const std::string& environment) {
  const auto object = nlohmann::ordered_json::parse(environment, nullptr, false);
  if (!object.is_object()) return "";
  std::string text = "\nenvironment\n";
  for (const auto& [key, value] : object.items()) {
    text +=
        fmt::format("  {}: {}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return text;
}

}  // namespace

std::string study_text(const StoredStudy& stored, std::span<const TrialResult> results,
                       const std::string& command) {
  const Study& study = stored.study;
  std::string text = fmt::format("{} (study {}), started {} UTC\n{}\n", study.name, study.id,
                                 stored.started_at, command);
  for (const DataFacts& data : stored.data) text += data_line(data);

  Rows arms = {{"arm", "settings"}};
  for (const Arm& arm : study.arms) arms.push_back({arm.id, arm.label});
  if (study.arms.size() > 1) arms[1].back() += " (the baseline)";
  text.append("\n").append(align_columns(arms, "ll"));

  std::unordered_map<std::string_view, const TrialRecord*> records;
  for (const TrialResult& result : results) records[result.trial.id] = &result.record;
  Rows trials = {{"trial", "arm", "seed", "status", "epochs", "validation accuracy, %",
                  "test accuracy, %", "time", ""}};
  for (const Trial& trial : study.trials) {
    const auto found = records.find(trial.id);
    trials.push_back(trial_row(study, trial, found == records.end() ? nullptr : found->second));
  }
  return text.append("\n").append(align_columns(trials, "llrlrrrrl"));
}

std::string trial_text(const TrialResult& result, const std::string& environment) {
  std::string text = outcome_text(result);
  if (!result.record.epochs.empty()) text.append("\n").append(epochs_text(result.record.epochs));
  text += "\nsettings\n";
  for (const auto& [key, value] : list_settings(result.trial.settings)) {
    text += fmt::format("  {}={}\n", key, value);
  }
  return text + environment_text(environment);
}

std::string series_text(const TrialRecord& record, const std::string& name) {
  if (name != "train_loss") fail("no series '{}': there is train_loss", name);
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text), "step,value\n");
  for (std::size_t i = 0; i < record.step_losses.size(); ++i) {
    fmt::format_to(std::back_inserter(text), "{},{}\n", i + 1, record.step_losses[i]);
  }
  return fmt::to_string(text);
}

}  // namespace normlab
