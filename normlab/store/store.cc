#include "normlab/store/store.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "normlab/base/error.h"
#include "normlab/base/suggest.h"
#include "normlab/lab/trial_status.h"
#include "normlab/store/data_json.h"
#include "normlab/store/schema.h"

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
    fail(
        "no studies in '{}' yet: there is no {}; run one with 'normlab run', or name another "
        "folder with --runs",
        folder.string(), kFile);
  }
  return file;
}

TrialStatus status_from(const std::string& text) {
  if (text == "done") return TrialStatus::done;
  return text == "diverged" ? TrialStatus::diverged : TrialStatus::failed;
}

std::vector<float> floats_from(std::span<const std::byte> bytes) {
  std::vector<float> floats(bytes.size() / sizeof(float));
  // An empty series has no memory to copy from.
  if (!floats.empty()) std::memcpy(floats.data(), bytes.data(), floats.size() * sizeof(float));
  return floats;
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

}  // namespace

Store::Store(const std::filesystem::path& folder, Database::Access access)
    : database_(store_file(folder, access), access) {
  migrate(database_, folder / kFile);
}

void Store::save_study(const StoredStudy& stored) {
  const std::scoped_lock lock(mutex_);
  Transaction transaction(database_);
  database_.prepare("DELETE FROM study WHERE id = ?").bind(stored.study.id).run();
  database_
      .prepare(
          "INSERT INTO study (id, name, command, threshold, data, title, questions, started_at, "
          "number) VALUES (?, ?, ?, ?, ?, ?, ?, datetime('now'), (SELECT coalesce(max(number), 0) "
          "+ 1 FROM study))")
      .bind(stored.study.id)
      .bind(stored.study.name)
      .bind(stored.command)
      .bind(stored.threshold)
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
  insert_trial(result, environment_row(environment));
  insert_series(result);
  transaction.commit();
}

void Store::insert_trial(const TrialResult& result, std::int64_t environment) {
  const TrialRecord& r = result.record;
  Statement statement = database_.prepare(
      "INSERT INTO trial (id, settings, seed, status, error, divergence_step, divergence_layer, "
      "steps, seconds, "
      "train_seconds, train_examples, validation_examples, test_examples, test_loss, "
      "test_accuracy, checkpoint, "
      "environment, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
      "datetime('now'))");
  statement.bind(result.trial.id).bind(settings_to_json(result.trial.settings));
  statement.bind(static_cast<std::int64_t>(result.trial.settings.seed))
      .bind(name(r.status))
      .bind(r.error);
  if (r.divergence) {
    statement.bind(r.divergence->step).bind(r.divergence->layer);
  } else {
    statement.bind(std::nullopt).bind(std::nullopt);
  }
  statement.bind(r.steps).bind(r.seconds).bind(r.train_seconds);
  statement.bind(r.train_examples).bind(r.validation_examples).bind(r.test_examples);
  if (r.test) {
    statement.bind(r.test->loss).bind(r.test->accuracy);
  } else {
    statement.bind(std::nullopt).bind(std::nullopt);
  }
  statement.bind(r.checkpoint).bind(environment).run();
}

void Store::insert_series(const TrialResult& result) {
  database_.prepare("INSERT INTO series (trial, name, floats) VALUES (?, 'train_loss', ?)")
      .bind(result.trial.id)
      .bind(std::as_bytes(std::span(result.record.step_losses)))
      .run();
  Statement statement = database_.prepare(
      "INSERT INTO epoch (trial, epoch, steps, train_loss, train_accuracy, validation_loss, "
      "validation_accuracy, "
      "seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  for (const EpochRecord& e : result.record.epochs) {
    statement.bind(result.trial.id)
        .bind(e.epoch)
        .bind(e.steps)
        .bind(e.train.loss)
        .bind(e.train.accuracy);
    statement.bind(e.validation.loss).bind(e.validation.accuracy).bind(e.seconds).run();
  }
}

std::optional<TrialResult> Store::read_trial(const std::string& id) {
  Statement row = database_.prepare(
      "SELECT settings, status, error, divergence_step, divergence_layer, steps, seconds, "
      "train_seconds, "
      "train_examples, validation_examples, test_examples, test_loss, test_accuracy, checkpoint "
      "FROM trial WHERE id = ?");
  if (!row.bind(id).step()) return std::nullopt;
  TrialResult result;
  result.trial = {id, 0, settings_from_json(row.text(0))};
  TrialRecord& r = result.record;
  r.status = status_from(row.text(1));
  r.error = row.text(2);
  if (!row.is_null(3)) r.divergence = Divergence{row.integer(3), row.text(4)};
  r.steps = row.integer(5);
  r.seconds = row.number(6);
  r.train_seconds = row.number(7);
  r.train_examples = row.integer(8);
  r.validation_examples = row.integer(9);
  r.test_examples = row.integer(10);
  if (!row.is_null(12)) r.test = Evaluation{row.number(11), row.number(12)};
  r.checkpoint = row.text(13);

  Statement series =
      database_.prepare("SELECT floats FROM series WHERE trial = ? AND name = 'train_loss'");
  if (series.bind(id).step()) r.step_losses = floats_from(series.blob(0));
  Statement epochs = database_.prepare(
      "SELECT epoch, steps, train_loss, train_accuracy, validation_loss, validation_accuracy, "
      "seconds FROM epoch "
      "WHERE trial = ? ORDER BY epoch");
  epochs.bind(id);
  while (epochs.step()) {
    r.epochs.push_back({epochs.integer(0),
                        epochs.integer(1),
                        {epochs.number(2), epochs.number(3)},
                        {epochs.number(4), epochs.number(5)},
                        epochs.number(6)});
  }
  return result;
}

std::optional<TrialRecord> Store::find_finished(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  std::optional<TrialResult> result = read_trial(id);
  if (!result || result->record.status == TrialStatus::failed) return std::nullopt;
  return std::move(result->record);
}

std::vector<TrialResult> Store::results(const Study& study) {
  const std::scoped_lock lock(mutex_);
  std::vector<TrialResult> results;
  for (const Trial& trial : study.trials) {
    if (auto result = read_trial(trial.id)) results.push_back({trial, std::move(result->record)});
  }
  return results;
}

std::optional<TrialResult> Store::find_trial(const std::string& word) {
  const std::scoped_lock lock(mutex_);
  Statement find = database_.prepare("SELECT id FROM trial WHERE id LIKE ? ESCAPE '\\' LIMIT 2");
  if (word.empty() || !find.bind(prefix_pattern(word)).step()) return std::nullopt;
  const std::string id = find.text(0);
  if (find.step()) fail("several trials begin with '{}'; give more of the id", word);
  return read_trial(id);
}

std::string Store::environment_of(const std::string& trial) {
  const std::scoped_lock lock(mutex_);
  Statement find = database_.prepare(
      "SELECT description FROM environment JOIN trial ON trial.environment = environment.id WHERE "
      "trial.id = ?");
  return find.bind(trial).step() ? find.text(0) : std::string();
}

std::vector<std::string> Store::environments(const Study& study) {
  std::vector<std::string> found;
  for (const Trial& trial : study.trials) {
    std::string environment = environment_of(trial.id);
    if (environment.empty() || std::ranges::find(found, environment) != found.end()) continue;
    found.push_back(std::move(environment));
  }
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

StoredStudy Store::find_study(const std::string& word) {
  const std::scoped_lock lock(mutex_);
  Statement find = database_.prepare(
      "SELECT id, name, command, threshold, data, title, questions, started_at FROM study WHERE "
      "name = ?1 OR id LIKE "
      "?2 ESCAPE '\\' "
      "ORDER BY number DESC LIMIT 1");
  if (word.empty() || !find.bind(word).bind(prefix_pattern(word)).step()) {
    std::vector<std::string> names;
    Statement known = database_.prepare("SELECT DISTINCT name FROM study ORDER BY number");
    while (known.step()) names.push_back(known.text(0));
    const std::string nearest = did_you_mean(word, names);
    fail("no study '{}'{}; 'normlab list' shows those there are", word,
         nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest));
  }
  StoredStudy stored;
  stored.study.id = find.text(0);
  stored.study.name = find.text(1);
  stored.command = find.text(2);
  stored.threshold = find.number(3);
  stored.data = data_from_json(find.text(4));
  stored.title = find.text(5);
  stored.questions = texts_from_json(find.text(6));
  stored.started_at = find.text(7);
  read_members(stored);
  return stored;
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
