#include "normlab/report/csv.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "normlab/lab/metric_description.h"
#include "normlab/lab/metric_value.h"
#include "normlab/lab/setting_value.h"
#include "normlab/lab/settings.h"
#include "normlab/lab/trial_status.h"

namespace normlab {
namespace {

/// Builds lines field by field.
class CsvText {
 public:
  void add(std::string_view field) {
    if (!line_start_) text_ += ',';
    line_start_ = false;
    if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
      text_ += field;
      return;
    }
    text_ += '"';
    for (const char c : field) {
      if (c == '"') text_ += '"';
      text_ += c;
    }
    text_ += '"';
  }
  void add(std::int64_t count) { add(std::string_view(std::to_string(count))); }
  void add(double value) {
    add(std::string_view(std::isfinite(value) ? format_number(value) : ""));
  }
  void add(const std::optional<double>& value) { add(value.value_or(NAN)); }

  void end_line() {
    text_ += '\n';
    line_start_ = true;
  }

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  bool line_start_ = true;
};

void add_headings(CsvText& csv, std::initializer_list<std::string_view> headings) {
  for (const std::string_view heading : headings) csv.add(heading);
}

/// What says which trial a row is about; its seed is among the settings.
void add_trial(CsvText& csv, const Study& study, const Trial& trial) {
  csv.add(std::string_view(study.id));
  csv.add(std::string_view(study.arms[trial.arm].label));
  csv.add(std::string_view(trial.id));
}

/// 1 or 0; empty when the trial failed or it is not known.
std::string_view trained_field(const TrialRecord& record) {
  const Learning learning = learning_of(record);
  if (learning == Learning::failed || learning == Learning::not_known) return "";
  return learning == Learning::trained ? "1" : "0";
}

void add_trial_row(CsvText& csv, const TrialResult& result, const Comparison& comparison) {
  const auto& threshold = comparison.arms[result.trial.arm].threshold;
  const TrialRecord& record = result.record;
  csv.add(name(record.status));
  for (const auto& [key, value] : list_settings(result.trial.settings)) {
    csv.add(std::string_view(value));
  }
  for (const Metric metric : comparison.metrics) csv.add(metric_value(result, metric, threshold));
  csv.add(record.steps);
  csv.add(static_cast<std::int64_t>(record.epochs.size()));
  csv.add(record.seconds);
  csv.add(record.train_seconds);
  csv.add(std::string_view(record.divergence ? std::to_string(record.divergence->step) : ""));
  csv.add(std::string_view(record.divergence ? record.divergence->layer : ""));
  csv.add(std::string_view(record.error));
  csv.add(trained_field(record));
  csv.add(threshold);
  csv.add(record.divergence ? name(record.divergence->phase) : "");
  csv.add(std::string_view(record.stopped_early ? "true" : "false"));
}

}  // namespace

std::string trials_csv(const Study& study, std::span<const TrialResult> results,
                       const Comparison& comparison) {
  CsvText csv;
  add_headings(csv, {"study", "arm", "trial", "status"});
  for (const auto& [key, value] : list_settings(TrialSettings{})) csv.add(std::string_view(key));
  for (const Metric metric : comparison.metrics) csv.add(name(metric));
  add_headings(csv, {"finished_steps", "finished_epochs", "seconds", "train_seconds",
                     "divergence_step", "divergence_layer", "error", "trained", "threshold",
                     "divergence_phase", "stopped_early"});
  csv.end_line();
  for (const TrialResult& result : results) {
    add_trial(csv, study, result.trial);
    add_trial_row(csv, result, comparison);
    csv.end_line();
  }
  return csv.take();
}

std::string epochs_csv(const Study& study, std::span<const TrialResult> results,
                       std::span<const Metric> metrics) {
  CsvText csv;
  add_headings(csv, {"study", "arm", "trial", "seed", "epoch", "steps"});
  std::vector<std::function<std::optional<double>(const EpochRecord&)>> columns;
  for (const Metric metric : metrics) {
    if (!describe(metric).of_epoch) continue;
    columns.push_back(describe(metric).of_epoch);
    csv.add(name(metric));
  }
  csv.add("train_seconds");
  csv.end_line();
  for (const TrialResult& result : results) {
    for (const EpochRecord& epoch : result.record.epochs) {
      add_trial(csv, study, result.trial);
      csv.add(std::string_view(std::to_string(result.trial.settings.seed)));
      csv.add(epoch.epoch);
      csv.add(epoch.steps);
      for (const auto& column : columns) csv.add(column(epoch));
      csv.add(epoch.seconds);
      csv.end_line();
    }
  }
  return csv.take();
}

}  // namespace normlab
