#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "normlab/lab/data_facts.h"
#include "normlab/lab/metric.h"
#include "normlab/lab/trial.h"
#include "normlab/store/database.h"
#include "normlab/store/settings_json.h"
#include "normlab/store/trial_rows.h"

/// What was run, kept in one SQLite file under the runs folder. The tables are described in
/// docs/store.md.
namespace normlab {

/// A study as it was asked for.
struct StoredStudy {
  Study study;
  std::string command;  ///< arguments after `normlab run`, as they can be typed again
  /// Validation accuracy that steps to accuracy waits for; absent: none was given, and it follows
  /// from the baseline (lab/comparison.h).
  std::optional<double> threshold = {};
  Metric primary = Metric::validation_accuracy;
  std::vector<DataFacts> data;
  std::string title = {};  ///< of a study that comes with the program; else empty
  std::vector<std::string> questions = {};
  std::string started_at = {};  ///< UTC, "2026-11-21 09:30:00"
};

/// One line of `normlab list`.
struct StudyLine {
  std::string id;
  std::string name;
  std::string started_at;
  std::int64_t arms = 0;
  std::int64_t trials = 0;
  std::int64_t done = 0;
  std::int64_t diverged = 0;
  std::int64_t failed = 0;
  double seconds = 0;           ///< of all finished trials
  std::string differs_in = {};  ///< from others of its name, for whoever shows the list to fill in
};

/// A store. Every change is one transaction; several processes may use the same file. Thread-safe.
/// Throws Error when the file cannot be used (permissions, full disk, damage, a newer version) and
/// says what may help.
class Store {
 public:
  /// Opens `folder`/normlab.db, making both when `access` is write. With read, throws RequestError
  /// when there is none.
  Store(const std::filesystem::path& folder, Database::Access access);

  /// Makes the study known, or moves it to the end of the list when it is already.
  void save_study(const StoredStudy& study);
  /// Replaces what is there of this trial. `environment`: JSON text that says what the trial ran
  /// on.
  void save_trial(const TrialResult& result, const std::string& environment);

  /// A finished (done or diverged) trial's record, without its probe and predictions.
  std::optional<TrialRecord> find_finished(const std::string& id);

  /// All studies, the latest last.
  std::vector<StudyLine> list();
  /// By its whole id; absent when there is none.
  std::optional<StoredStudy> load_study(const std::string& id);
  /// Those of that name, the latest last.
  std::vector<StoredStudy> studies_named(const std::string& name);
  /// By id, by name (then the latest), or by the beginning of an id. Absent when there is none.
  /// Throws RequestError with what they differ in when several ids begin so.
  std::optional<StoredStudy> find_study_if(const std::string& word);
  /// The same; throws RequestError naming the nearest when there is none.
  StoredStudy find_study(const std::string& word);
  /// The trials of a stored study that have a result, in the study's order, without their probes
  /// and predictions.
  std::vector<TrialResult> results(const Study& study, Series series = Series::with);
  /// By id or the beginning of one; absent when there is none. Throws RequestError with what they
  /// are when several begin so. Without its probe and predictions.
  std::optional<TrialResult> find_trial(const std::string& word);
  /// JSON text, as given to save_trial; empty when there is no such trial.
  std::string environment_of(const std::string& trial);
  /// What a trial's probe saw; absent when it had none.
  std::optional<ProbeRecord> find_probe(const std::string& trial);
  /// A trial's answers to the test images; absent when it has none.
  std::optional<Predictions> find_predictions(const std::string& trial);
  /// The environments of a stored study's trials, each once, in the order of the trials.
  std::vector<std::string> environments(const Study& study);

 private:
  std::int64_t environment_row(const std::string& description);
  std::vector<StoredStudy> read_studies(std::string_view condition, const std::string& value);
  void read_members(StoredStudy& study);

  std::filesystem::path folder_;
  std::mutex mutex_;
  Database database_;
};

}  // namespace normlab
