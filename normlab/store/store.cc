#include "normlab/store/store.h"

#include <algorithm>
#include <map>

#include "normlab/base/error.h"
#include "normlab/base/suggest.h"
#include "normlab/lab/study_difference.h"
#include "normlab/store/ambiguity.h"
#include "normlab/store/data_json.h"
#include "normlab/store/schema.h"
#include "normlab/store/study_command.h"

namespace normlab {
namespace {

constexpr const char* kFile = "normlab.db";

std::filesystem::path store_file(const std::filesystem::path& folder, Database::Access access) {
  const std::filesystem::path file = folder / kFile;
  std::error_code error;
  if (access == Database::Access::write) {
    std::filesystem::create_directories(folder, error);
    if (error) fail("--runs {}: cannot make the folder: {}", folder.string(), error.message());
  } else if (!std::filesystem::exists(file, error)) {
    if (error) fail("--runs {}: cannot be looked into: {}", folder.string(), error.message());
    fail(
        "no studies in '{}' yet: there is no {}; run one with 'normlab run', or name another "
        "folder with --runs",
        folder.string(), kFile);
  }
  return file;
}

/// A pattern for LIKE that no character of a word can widen.
std::string prefix_pattern(const std::string& word) {
  std::string pattern;
  for (const char c : word) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

std::vector<Candidate> candidates(std::span<const StoredStudy> studies) {
  std::vector<Study> compared;
  for (const StoredStudy& stored : studies) compared.push_back(stored.study);
  const std::vector<std::string> differences = tell_apart(compared);
  std::vector<Candidate> list;
  for (std::size_t i = 0; i < studies.size(); ++i) {
    list.push_back(
        {studies[i].study.id, fmt::format("{}, started {} UTC: {}", studies[i].study.name,
                                          studies[i].started_at, differences[i])});
  }
  return list;
}

}  // namespace

Store::Store(const std::filesystem::path& folder, Database::Access access)
    : folder_(folder), database_(store_file(folder, access), access) {
  migrate(database_, folder / kFile);
}

void Store::save_study(const StoredStudy& stored) {
  const std::scoped_lock lock(mutex_);
  Transaction transaction(database_);
  database_.prepare("DELETE FROM study WHERE id = ?").bind(stored.study.id).run();
  database_
      .prepare(
          "INSERT INTO study (id, name, command, threshold, threshold_given, primary_metric, data, "
          "title, questions, started_at, number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, "
          "datetime('now'), (SELECT coalesce(max(number), 0) + 1 FROM study))")
      .bind(stored.study.id)
      .bind(stored.study.name)
      .bind(stored.command)
      .bind(stored.threshold.value_or(0))
      .bind(static_cast<std::int64_t>(stored.threshold ? 1 : 0))
      .bind(name(stored.primary))
      .bind(data_to_json(stored.data))
      .bind(stored.title)
      .bind(texts_to_json(stored.questions))
      .run();
  Statement arm = database_.prepare(
      "INSERT INTO arm (study, position, id, label, settings) VALUES (?, ?, ?, ?, ?)");
  for (std::size_t i = 0; i < stored.study.arms.size(); ++i) {
    const Arm& a = stored.study.arms[i];
    arm.bind(stored.study.id).bind(static_cast<std::int64_t>(i)).bind(a.id).bind(a.label);
    arm.bind(settings_to_json(a.settings)).run();
  }
  Statement member = database_.prepare(
      "INSERT INTO study_trial (study, position, arm, seed, trial) VALUES (?, ?, ?, ?, ?)");
  for (std::size_t i = 0; i < stored.study.trials.size(); ++i) {
    const Trial& t = stored.study.trials[i];
    member.bind(stored.study.id)
        .bind(static_cast<std::int64_t>(i))
        .bind(static_cast<std::int64_t>(t.arm));
    member.bind(static_cast<std::int64_t>(t.settings.seed)).bind(t.id).run();
  }
  transaction.commit();
}

std::int64_t Store::environment_row(const std::string& description) {
  database_.prepare("INSERT OR IGNORE INTO environment (description) VALUES (?)")
      .bind(description)
      .run();
  Statement find = database_.prepare("SELECT id FROM environment WHERE description = ?");
  find.bind(description).step();
  return find.integer(0);
}

void Store::save_trial(const TrialResult& result, const std::string& environment) {
  const std::scoped_lock lock(mutex_);
  Transaction transaction(database_);
  database_.prepare("DELETE FROM trial WHERE id = ?").bind(result.trial.id).run();
  insert_trial(database_, result, environment_row(environment));
  transaction.commit();
}

std::optional<TrialRecord> Store::find_finished(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  std::optional<TrialResult> result = read_trial(database_, id);
  if (!result || result->record.status == TrialStatus::failed) return std::nullopt;
  return std::move(result->record);
}

std::vector<TrialResult> Store::results(const Study& study, Series series) {
  const std::scoped_lock lock(mutex_);
  const Transaction snapshot(database_, Database::Access::read);
  std::vector<std::optional<TrialRecord>> records = read_records(database_, study, series);
  std::vector<TrialResult> results;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i]) results.push_back({study.trials[i], std::move(*records[i])});
  }
  return results;
}

std::optional<ProbeRecord> Store::find_probe(const std::string& trial) {
  const std::scoped_lock lock(mutex_);
  return read_probe(database_, trial);
}

std::optional<Predictions> Store::find_predictions(const std::string& trial) {
  const std::scoped_lock lock(mutex_);
  return read_predictions(database_, trial);
}

std::optional<TrialResult> Store::find_trial(const std::string& word) {
  if (word.empty()) return std::nullopt;
  const std::scoped_lock lock(mutex_);
  // With the latest study that has it.
  Statement find = database_.prepare(
      "SELECT trial.id, trial.seed, arm.label, study.name, max(study.number) FROM trial LEFT JOIN "
      "study_trial ON study_trial.trial = trial.id LEFT JOIN study ON study.id = study_trial.study "
      "LEFT JOIN arm ON arm.study = study.id AND arm.position = study_trial.arm WHERE trial.id "
      "LIKE "
      "? ESCAPE '\\' GROUP BY trial.id");
  find.bind(prefix_pattern(word));
  std::vector<Candidate> found;
  while (find.step()) {
    found.push_back(
        {find.text(0), fmt::format("{} {} seed={}", find.text(3), find.text(2), find.integer(1))});
  }
  if (found.size() > 1) fail_ambiguous("trials", word, found);
  return found.empty() ? std::nullopt : read_trial(database_, found.front().id);
}

std::string Store::environment_of(const std::string& trial) {
  const std::scoped_lock lock(mutex_);
  Statement find = database_.prepare(
      "SELECT description FROM environment JOIN trial ON trial.environment = environment.id WHERE "
      "trial.id = ?");
  return find.bind(trial).step() ? find.text(0) : std::string();
}

std::vector<std::string> Store::environments(const Study& study) {
  const std::scoped_lock lock(mutex_);
  Statement find = database_.prepare(
      "SELECT description FROM study_trial CROSS JOIN trial ON trial.id = study_trial.trial CROSS "
      "JOIN environment ON environment.id = trial.environment WHERE study = ? GROUP BY "
      "environment.id ORDER BY min(position)");
  find.bind(study.id);
  std::vector<std::string> found;
  while (find.step()) found.push_back(find.text(0));
  return found;
}

std::vector<StudyLine> Store::list() {
  const std::scoped_lock lock(mutex_);
  Statement statement = database_.prepare(
      "SELECT study.id, study.name, started_at, (SELECT count(*) FROM arm WHERE arm.study = "
      "study.id), "
      "count(*), coalesce(sum(status = 'done'), 0), coalesce(sum(status = 'diverged'), 0), "
      "coalesce(sum(status = 'failed'), 0), coalesce(sum(seconds), 0) FROM study JOIN study_trial "
      "ON "
      "study_trial.study = study.id LEFT JOIN trial ON trial.id = study_trial.trial GROUP BY "
      "study.id ORDER BY number");
  std::vector<StudyLine> lines;
  while (statement.step()) {
    lines.push_back({statement.text(0), statement.text(1), statement.text(2), statement.integer(3),
                     statement.integer(4), statement.integer(5), statement.integer(6),
                     statement.integer(7), statement.number(8)});
  }
  return lines;
}

std::vector<StoredStudy> Store::read_studies(std::string_view condition, const std::string& value) {
  Statement find = database_.prepare(fmt::format(
      "SELECT id, name, command, threshold, data, title, questions, started_at, threshold_given, "
      "primary_metric FROM study WHERE {} ORDER BY number",
      condition));
  find.bind(value);
  std::vector<StoredStudy> found;
  while (find.step()) {
    StoredStudy& stored = found.emplace_back();
    stored.study.id = find.text(0);
    stored.study.name = find.text(1);
    stored.command = find.text(2);
    if (find.integer(8) != 0) stored.threshold = find.number(3);
    stored.primary = metric_named(find.text(9));
    stored.data = data_from_json(find.text(4));
    stored.title = find.text(5);
    stored.questions = texts_from_json(find.text(6));
    stored.started_at = find.text(7);
    read_members(stored);
  }
  return found;
}

std::optional<StoredStudy> Store::load_study(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  std::vector<StoredStudy> found = read_studies("id = ?", id);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<StoredStudy> Store::studies_named(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  return read_studies("name = ?", name);
}

std::optional<StoredStudy> Store::find_study_if(const std::string& word) {
  if (word.empty()) return std::nullopt;
  if (auto of_id = load_study(word)) return of_id;
  const std::scoped_lock lock(mutex_);
  std::vector<StoredStudy> found =
      read_studies("number = (SELECT max(number) FROM study WHERE name = ?)", word);
  if (found.empty()) found = read_studies("id LIKE ? ESCAPE '\\'", prefix_pattern(word));
  if (found.size() > 1) fail_ambiguous("studies", word, candidates(found));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

StoredStudy Store::find_study(const std::string& word) {
  if (auto found = find_study_if(word)) return *std::move(found);
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> names;
  Statement known = database_.prepare("SELECT DISTINCT name FROM study ORDER BY number");
  while (known.step()) names.push_back(known.text(0));
  const std::string nearest = did_you_mean(word, names);
  fail("no study '{}'{}; '{}' shows those there are", word,
       nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest),
       normlab_command({"list"}, folder_.string()));
}

void Store::read_members(StoredStudy& stored) {
  Study& study = stored.study;
  Statement arms =
      database_.prepare("SELECT id, label, settings FROM arm WHERE study = ? ORDER BY position");
  arms.bind(study.id);
  while (arms.step())
    study.arms.push_back({arms.text(0), arms.text(1), settings_from_json(arms.text(2))});
  Statement trials = database_.prepare(
      "SELECT trial, arm, seed FROM study_trial WHERE study = ? ORDER BY position");
  trials.bind(study.id);
  while (trials.step()) {
    const auto arm = static_cast<std::size_t>(trials.integer(1));
    Trial trial{trials.text(0), arm, study.arms.at(arm).settings};
    trial.settings.seed = static_cast<std::uint64_t>(trials.integer(2));
    study.trials.push_back(std::move(trial));
  }
}

}  // namespace normlab
