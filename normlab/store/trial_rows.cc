#include "normlab/store/trial_rows.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "normlab/lab/trial_status.h"
#include "normlab/store/epoch_series.h"
#include "normlab/store/settings_json.h"
#include "normlab/train/probe_document.h"

namespace normlab {
namespace {

constexpr const char* kRecordColumns =
    "status, error, divergence_step, divergence_layer, steps, seconds, train_seconds, "
    "train_examples, validation_examples, test_examples, checkpoint, "
    "step_seconds, validation_majority, divergence_phase, stopped_early, lost_statistics, test";

TrialStatus status_from(const std::string& text) {
  if (text == "done") return TrialStatus::done;
  return text == "diverged" ? TrialStatus::diverged : TrialStatus::failed;
}

/// Before version 5 trials diverged in training alone, and the column is null.
TrialPhase phase_from(const std::string& text) {
  for (const TrialPhase phase : {TrialPhase::validation, TrialPhase::test}) {
    if (text == name(phase)) return phase;
  }
  return TrialPhase::training;
}

std::string lost_to_json(const std::vector<LostStatistics>& lost) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const LostStatistics& l : lost) list.push_back({{"layer", l.layer}, {"updates", l.updates}});
  return list.dump();
}

std::vector<LostStatistics> lost_from_json(const std::string& text) {
  std::vector<LostStatistics> lost;
  for (const auto& l : nlohmann::json::parse(text))
    lost.push_back({l.at("layer").get<std::string>(), l.at("updates").get<std::int64_t>()});
  return lost;
}

template <class T>
std::vector<T> values_from(std::span<const std::byte> bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  // An empty series has no memory to copy from.
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

/// A byte each, or, when one is above 255, two each: which of both tells the number of
/// probabilities beside them.
std::vector<std::byte> label_bytes(std::span<const Label> labels) {
  if (std::ranges::any_of(labels, [](Label label) { return label > 0xff; })) {
    const auto bytes = std::as_bytes(labels);
    return {bytes.begin(), bytes.end()};
  }
  std::vector<std::byte> bytes(labels.size());
  std::ranges::transform(labels, bytes.begin(), [](Label l) { return static_cast<std::byte>(l); });
  return bytes;
}

std::vector<Label> labels_from(std::span<const std::byte> bytes, std::size_t count) {
  if (bytes.size() == count * sizeof(Label)) return values_from<Label>(bytes);
  const auto narrow = values_from<std::uint8_t>(bytes);
  return {narrow.begin(), narrow.end()};
}

/// From kRecordColumns, the first of which is column `c`.
TrialRecord record_from(const Statement& row, int c) {
  TrialRecord r;
  r.status = status_from(row.text(c));
  r.error = row.text(c + 1);
  if (!row.is_null(c + 2)) {
    r.divergence = Divergence{row.integer(c + 2), row.text(c + 3), phase_from(row.text(c + 13))};
  }
  r.steps = row.integer(c + 4);
  r.seconds = row.number(c + 5);
  r.train_seconds = row.number(c + 6);
  r.train_examples = row.integer(c + 7);
  r.validation_examples = row.integer(c + 8);
  r.test_examples = row.integer(c + 9);
  r.checkpoint = row.text(c + 10);
  if (!row.is_null(c + 11)) r.step_seconds = row.number(c + 11);
  if (!row.is_null(c + 12)) r.validation_majority = row.number(c + 12);
  r.stopped_early = row.integer(c + 14) != 0;
  r.lost_statistics = lost_from_json(row.text(c + 15));
  if (!row.is_null(c + 16)) r.test = evaluation_from_json(row.text(c + 16));
  return r;
}

void insert_row(Database& database, const TrialResult& result, std::int64_t environment) {
  const TrialRecord& r = result.record;
  Statement statement = database.prepare(
      "INSERT INTO trial (id, settings, seed, status, error, divergence_step, divergence_layer, "
      "steps, seconds, train_seconds, train_examples, validation_examples, test_examples, "
      "checkpoint, step_seconds, validation_majority, environment, divergence_phase, "
      "stopped_early, lost_statistics, test, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
      "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, datetime('now'))");
  statement.bind(result.trial.id).bind(settings_to_json(result.trial.settings));
  statement.bind(static_cast<std::int64_t>(result.trial.settings.seed));
  statement.bind(name(r.status)).bind(r.error);
  if (r.divergence) {
    statement.bind(r.divergence->step).bind(r.divergence->layer);
  } else {
    statement.bind(std::nullopt).bind(std::nullopt);
  }
  statement.bind(r.steps).bind(r.seconds).bind(r.train_seconds);
  statement.bind(r.train_examples).bind(r.validation_examples).bind(r.test_examples);
  statement.bind(r.checkpoint).bind(r.step_seconds).bind(r.validation_majority);
  statement.bind(environment);
  statement.bind(r.divergence ? std::optional(name(r.divergence->phase)) : std::nullopt);
  statement.bind(static_cast<std::int64_t>(r.stopped_early)).bind(lost_to_json(r.lost_statistics));
  statement.bind(r.test ? std::optional(evaluation_to_json(*r.test)) : std::nullopt);
  statement.run();
}

/// The documents of a trial, where it has them.
void insert_insights(Database& database, const TrialResult& result) {
  if (result.record.probe) {
    const std::vector<std::byte> document = to_document(*result.record.probe);
    database.prepare("INSERT INTO probe (trial, document) VALUES (?, ?)")
        .bind(result.trial.id)
        .bind(std::span(document))
        .run();
  }
  if (result.record.predictions) {
    database.prepare("INSERT INTO prediction (trial, labels, probabilities) VALUES (?, ?, ?)")
        .bind(result.trial.id)
        .bind(std::span<const std::byte>(label_bytes(result.record.predictions->labels)))
        .bind(std::as_bytes(std::span(result.record.predictions->probabilities)))
        .run();
  }
}

}  // namespace

void insert_trial(Database& database, const TrialResult& result, std::int64_t environment) {
  insert_row(database, result, environment);
  insert_epochs(database, result.trial.id, result.record.epochs);
  database.prepare("INSERT INTO series (trial, name, floats) VALUES (?, 'train_loss', ?)")
      .bind(result.trial.id)
      .bind(std::as_bytes(std::span(result.record.step_losses)))
      .run();
  insert_insights(database, result);
}

std::optional<TrialResult> read_trial(Database& database, const std::string& id) {
  Statement row =
      database.prepare(fmt::format("SELECT settings, {} FROM trial WHERE id = ?", kRecordColumns));
  if (!row.bind(id).step()) return std::nullopt;
  TrialResult result{{id, 0, settings_from_json(row.text(0))}, record_from(row, 1)};
  Statement epochs = database.prepare("SELECT name, numbers FROM epoch_series WHERE trial = ?");
  epochs.bind(id);
  while (epochs.step()) take_series(result.record.epochs, epochs.text(0), epochs.text(1));
  Statement series =
      database.prepare("SELECT floats FROM series WHERE trial = ? AND name = 'train_loss'");
  if (series.bind(id).step()) result.record.step_losses = values_from<float>(series.blob(0));
  return result;
}

std::vector<std::optional<TrialRecord>> read_records(Database& database, const Study& study,
                                                     Series series) {
  std::vector<std::optional<TrialRecord>> records(study.trials.size());
  const auto for_each_row = [&](const char* columns, const char* table, const char* column,
                                auto&& take) {
    Statement rows =
        database.prepare(fmt::format("SELECT position, {} FROM study_trial CROSS JOIN {} ON {} = "
                                     "study_trial.trial WHERE study = ? ORDER BY position",
                                     columns, table, column));
    rows.bind(study.id);
    while (rows.step()) take(records.at(static_cast<std::size_t>(rows.integer(0))), rows);
  };
  for_each_row(kRecordColumns, "trial", "trial.id",
               [](auto& record, const Statement& row) { record = record_from(row, 1); });
  for_each_row("name, numbers", "epoch_series", "epoch_series.trial",
               [](auto& record, const Statement& row) {
                 take_series(record->epochs, row.text(1), row.text(2));
               });
  if (series == Series::without) return records;
  for_each_row("floats", "series", "series.name = 'train_loss' AND series.trial",
               [](auto& record, const Statement& row) {
                 record->step_losses = values_from<float>(row.blob(1));
               });
  return records;
}

std::optional<ProbeRecord> read_probe(Database& database, const std::string& trial) {
  Statement row = database.prepare("SELECT document FROM probe WHERE trial = ?");
  if (!row.bind(trial).step()) return std::nullopt;
  return probe_from_document(row.blob(0));
}

std::optional<Predictions> read_predictions(Database& database, const std::string& trial) {
  Statement row = database.prepare("SELECT labels, probabilities FROM prediction WHERE trial = ?");
  if (!row.bind(trial).step()) return std::nullopt;
  std::vector<float> probabilities = values_from<float>(row.blob(1));
  std::vector<Label> labels = labels_from(row.blob(0), probabilities.size());
  return Predictions{std::move(labels), std::move(probabilities)};
}

}  // namespace normlab
