#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "normlab/lab/mock_study.h"
#include "normlab/store/database.h"
#include "normlab/store/store.h"

/// What the tests of the store share: studies and records with something in every field, a store in
/// a folder of its own, and a way back to its first tables.
namespace normlab {

template <class E>
auto throws(const auto&... parts) {
  return testing::Throws<E>(
      testing::Property(&E::what, testing::AllOf(testing::HasSubstr(parts)...)));
}

inline TrialSettings make_settings(NormKind norm, std::uint64_t seed) {
  TrialSettings settings;
  settings.model = "mlp-128-64";
  settings.norm.kind = norm;
  settings.optimizer.lr = 0.1 + 0.2;  // needs all digits
  settings.seed = seed;
  return settings;
}

inline StoredStudy make_stored(const std::string& id, const std::string& name) {
  StoredStudy stored;
  stored.study.id = id;
  stored.study.name = name;
  stored.command = "mlp-128-64 seed=1,9007199254740991";
  stored.threshold = 0.9;
  stored.primary = Metric::test_accuracy;
  stored.data = {{"glyphs", "abc", true, 48000, 12000, 10000}};
  stored.title = "Which is \"better\"?";
  stored.questions = {"One?", "Two, <b>?"};
  std::size_t arm = 0;
  for (const NormKind norm : {NormKind::none, NormKind::batch}) {
    stored.study.arms.push_back({"arm" + std::to_string(arm), arm == 0 ? "norm=none" : "norm=batch",
                                 make_settings(norm, 0)});
    for (const std::uint64_t seed : {std::uint64_t{1}, std::uint64_t{9007199254740991}}) {
      stored.study.trials.push_back(
          {id + std::to_string(arm) + (seed == 1 ? "a" : "b"), arm, make_settings(norm, seed)});
    }
    ++arm;
  }
  return stored;
}

inline TrialRecord make_record() {
  TrialRecord record;
  record.steps = 3;
  record.seconds = 1.5;
  record.train_seconds = 1.25;
  record.step_seconds = 0.3;
  record.validation_majority = 1.0 / 9;
  record.train_examples = 48000;
  record.validation_examples = 12000;
  record.test_examples = 10000;
  record.step_losses = {2.5f, 1.0f / 3, std::numeric_limits<float>::infinity()};
  record.epochs = {{1, 3, classified(0.1, 0.2), classified(0.3, 0.4), 0.5},
                   {2, 6, classified(0.01, 0.02), classified(0.03, 0.04), 0.05}};
  record.test = classified(0.7, 0.8);
  record.checkpoint = "runs/checkpoints/x.safetensors";
  record.stopped_early = true;
  record.lost_statistics = {{"2", 31}, {"5", 7}};
  return record;
}

inline TrialRecord make_probed_record() {
  TrialRecord record = make_record();
  record.probe = ProbeRecord{.interval = 100, .examples = 64};
  add(*record.probe, {100, {{"norm", {{"1: linear 128", {{1.0f / 3}}}}}}});
  record.predictions = Predictions{{7, 0, 255}, {0.5f, 1.0f / 3, 1}};
  return record;
}

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("normlab_store_" + std::to_string(getpid()) + "_" + test->name());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Store open() const { return Store(folder_, Database::Access::write); }

  std::filesystem::path folder_;
};

/// Makes the tables what they were in version 2.
inline void make_old(const std::filesystem::path& folder) {
  Database old(folder / "normlab.db", Database::Access::write);
  old.execute(R"sql(
    CREATE TABLE columns AS SELECT * FROM epoch;
    DROP VIEW epoch; DROP VIEW epoch_value; DROP TABLE epoch_series;
    ALTER TABLE columns RENAME TO epoch;
    CREATE TABLE tested AS SELECT id, test_loss, test_accuracy FROM trial;
    ALTER TABLE trial DROP COLUMN test_loss; ALTER TABLE trial DROP COLUMN test_accuracy;
    ALTER TABLE trial DROP COLUMN test;
    ALTER TABLE trial ADD COLUMN test_loss REAL; ALTER TABLE trial ADD COLUMN test_accuracy REAL;
    UPDATE trial SET (test_loss, test_accuracy) =
      (SELECT test_loss, test_accuracy FROM tested WHERE tested.id = trial.id);
    DROP TABLE tested;
    ALTER TABLE trial DROP COLUMN divergence_phase; ALTER TABLE trial DROP COLUMN stopped_early;
    ALTER TABLE trial DROP COLUMN lost_statistics; ALTER TABLE trial DROP COLUMN step_seconds;
    ALTER TABLE trial DROP COLUMN validation_majority;
    ALTER TABLE study DROP COLUMN primary_metric; ALTER TABLE study DROP COLUMN threshold_given;
    DROP TABLE probe; DROP TABLE prediction;
    PRAGMA user_version = 2;
  )sql");
}

}  // namespace normlab
