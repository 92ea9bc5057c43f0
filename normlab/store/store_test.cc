#include "normlab/store/store.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "normlab/base/error.h"
#include "normlab/lab/mock_study.h"
#include "normlab/store/schema.h"
#include "normlab/train/probe_document.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Property;
using testing::Throws;

template <class E>
auto throws(const auto&... parts) {
  return Throws<E>(Property(&E::what, AllOf(HasSubstr(parts)...)));
}

TrialSettings make_settings(NormKind norm, std::uint64_t seed) {
  TrialSettings settings;
  settings.model = "mlp-128-64";
  settings.norm.kind = norm;
  settings.optimizer.lr = 0.1 + 0.2;  // needs all digits
  settings.seed = seed;
  return settings;
}

StoredStudy make_stored(const std::string& id, const std::string& name) {
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

TrialRecord make_record() {
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

TrialRecord make_probed_record() {
  TrialRecord record = make_record();
  record.probe = ProbeRecord{.interval = 100, .examples = 64};
  record.probe->moments.push_back({.step = 100, .gradients = {{"1: linear 128", 1.0f / 3}}});
  record.predictions = Predictions{{7, 0, 255}, {0.5f, 1.0f / 3, 1}};
  return record;
}

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("normlab_store_" + std::to_string(getpid()) + "_" + test->name());
  }
  void TearDown() override { fs::remove_all(folder_); }

  Store open() const { return Store(folder_, Database::Access::write); }

  fs::path folder_;
};

TEST_F(StoreTest, GivesBackWhatItWasGiven) {
  const StoredStudy stored = make_stored("s1", "mlp-128-64");
  {
    Store store = open();
    store.save_study(stored);
    store.save_trial({stored.study.trials[1], make_record()}, "{\"cpu\": \"x\"}");
  }
  Store store(folder_, Database::Access::read);
  const StoredStudy study = store.find_study("mlp-128-64");
  EXPECT_EQ(study.study.id, "s1");
  EXPECT_EQ(study.command, stored.command);
  EXPECT_EQ(study.threshold, 0.9);
  EXPECT_EQ(study.primary, Metric::test_accuracy);
  EXPECT_EQ(study.title, stored.title);
  EXPECT_EQ(study.questions, stored.questions);
  ASSERT_EQ(study.data.size(), 1u);
  EXPECT_TRUE(study.data[0].synthetic);
  EXPECT_EQ(study.data[0].validation, 12000);
  ASSERT_EQ(study.study.arms.size(), 2u);
  EXPECT_EQ(study.study.arms[1].label, "norm=batch");
  EXPECT_EQ(settings_to_json(study.study.arms[1].settings),
            settings_to_json(stored.study.arms[1].settings));
  ASSERT_EQ(study.study.trials.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(study.study.trials[i].id, stored.study.trials[i].id);
    EXPECT_EQ(settings_to_json(study.study.trials[i].settings),
              settings_to_json(stored.study.trials[i].settings));
  }

  const auto results = store.results(study.study);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].trial.id, stored.study.trials[1].id);
  EXPECT_EQ(results[0].trial.arm, 0u);
  const TrialRecord expected = make_record();
  const TrialRecord& record = results[0].record;
  EXPECT_EQ(record.step_losses, expected.step_losses);
  EXPECT_EQ(record.seconds, expected.seconds);
  EXPECT_EQ(record.train_seconds, expected.train_seconds);
  EXPECT_EQ(record.step_seconds, expected.step_seconds);
  EXPECT_EQ(record.validation_majority, expected.validation_majority);
  EXPECT_EQ(record.test->at("loss"), expected.test->at("loss"));
  EXPECT_EQ(record.checkpoint, expected.checkpoint);
  EXPECT_TRUE(record.stopped_early);
  ASSERT_EQ(record.lost_statistics.size(), 2u);
  EXPECT_EQ(record.lost_statistics[1].layer, "5");
  EXPECT_EQ(record.lost_statistics[1].updates, 7);
  ASSERT_EQ(record.epochs.size(), 2u);
  EXPECT_EQ(record.epochs[1].validation.at("accuracy"), 0.04);
  EXPECT_EQ(record.epochs[1].seconds, 0.05);
  EXPECT_EQ(store.environment_of(stored.study.trials[1].id), "{\"cpu\": \"x\"}");
}

TEST_F(StoreTest, KeepsDivergedTrialsAndRunsFailedOnesAgain) {
  Store store = open();
  const StoredStudy stored = make_stored("s1", "x");
  TrialRecord diverged;
  diverged.status = TrialStatus::diverged;
  diverged.divergence = Divergence{17, "3: linear 64", TrialPhase::validation};
  store.save_trial({stored.study.trials[0], diverged}, "{}");
  TrialRecord failed;
  failed.status = TrialStatus::failed;
  failed.error = "disk full";
  store.save_trial({stored.study.trials[1], failed}, "{}");

  const auto found = store.find_finished(stored.study.trials[0].id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->status, TrialStatus::diverged);
  EXPECT_EQ(found->divergence->step, 17);
  EXPECT_EQ(found->divergence->layer, "3: linear 64");
  EXPECT_EQ(found->divergence->phase, TrialPhase::validation);
  EXPECT_FALSE(found->test);
  EXPECT_FALSE(store.find_finished(stored.study.trials[1].id));
  EXPECT_EQ(store.find_trial(stored.study.trials[1].id)->record.error, "disk full");
  EXPECT_FALSE(store.find_finished("nothing"));
}

TEST_F(StoreTest, ReplacesATrialThatIsRunAgain) {
  Store store = open();
  const StoredStudy stored = make_stored("s1", "x");
  store.save_trial({stored.study.trials[0], make_record()}, "{}");
  TrialRecord second = make_record();
  second.epochs.pop_back();
  second.step_losses = {9};
  store.save_trial({stored.study.trials[0], second}, "{}");
  const auto record = store.find_finished(stored.study.trials[0].id);
  EXPECT_EQ(record->epochs.size(), 1u);
  EXPECT_EQ(record->step_losses, std::vector<float>{9});
}

TEST_F(StoreTest, ListsStudiesTheLatestLast) {
  Store store = open();
  const StoredStudy first = make_stored("a1", "one");
  const StoredStudy second = make_stored("b2", "two");
  store.save_study(first);
  store.save_study(second);
  store.save_trial({second.study.trials[0], make_record()}, "{}");
  store.save_study(first);  // asked for again
  const auto lines = store.list();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].name, "two");
  EXPECT_EQ(lines[0].arms, 2);
  EXPECT_EQ(lines[0].trials, 4);
  EXPECT_EQ(lines[0].done, 1);
  EXPECT_EQ(lines[0].seconds, 1.5);
  EXPECT_EQ(lines[1].name, "one");
  EXPECT_EQ(lines[1].done, 0);
}

TEST_F(StoreTest, FindsByNameByIdAndByItsBeginning) {
  Store store = open();
  store.save_study(make_stored("abc1", "one"));
  store.save_study(make_stored("abc2", "one"));
  store.save_study(make_stored("d_f3", "two"));
  EXPECT_EQ(store.find_study("one").study.id, "abc2") << "the latest of a name";
  EXPECT_EQ(store.find_study("abc1").study.id, "abc1");
  EXPECT_EQ(store.find_study("d_").study.id, "d_f3");
  EXPECT_THAT([&] { store.find_study("abc"); },
              throws<RequestError>("several studies begin with 'abc'", "abc1  one", "abc2  one"));
  EXPECT_FALSE(store.find_study_if("zz"));
  EXPECT_FALSE(store.load_study("abc"));
  EXPECT_EQ(store.load_study("abc1")->study.id, "abc1");
  store.save_study(make_stored("abc", "d_f3"));
  EXPECT_EQ(store.find_study("abc").study.id, "abc")
      << "a whole id is meant, not others' beginning";
  EXPECT_EQ(store.find_study("d_f3").study.name, "two") << "ids go before names";
  ASSERT_EQ(store.studies_named("one").size(), 2u);
  EXPECT_EQ(store.studies_named("one")[1].study.id, "abc2");
  EXPECT_THAT([&] { store.find_study("dx"); }, throws<RequestError>("no study 'dx'"));
  EXPECT_THAT([&] { store.find_study("onee"); }, throws<RequestError>("did you mean 'one'"));
  EXPECT_THAT([&] { store.find_study(""); }, throws<RequestError>("no study"));
  const StoredStudy stored = make_stored("s1", "x");
  store.save_trial({stored.study.trials[0], make_record()}, "{}");
  store.save_trial({stored.study.trials[1], make_record()}, "{}");
  EXPECT_THAT([&] { store.find_trial("s1"); },
              throws<RequestError>("several trials", "s10a", "s10b"));
  EXPECT_EQ(store.find_trial("s10a")->trial.id, "s10a");
  EXPECT_FALSE(store.find_trial("zz"));
}

TEST_F(StoreTest, SaysThatThereIsNone) {
  EXPECT_THAT(([&] { Store(folder_, Database::Access::read); }),
              throws<RequestError>("no studies", "--runs"));
  EXPECT_FALSE(fs::exists(folder_)) << "reading makes nothing";
}

TEST_F(StoreTest, BringsTheFirstVersionUpToDate) {
  fs::create_directories(folder_);
  {
    Database old(folder_ / "normlab.db", Database::Access::write);
    migrate(old, folder_ / "normlab.db", 1);
    old.execute(
        "INSERT INTO study (id, name, command, threshold, data, started_at, number) VALUES "
        "('abc', 'old', 'mlp-128-64', 0.95, '[]', '2026-11-20 10:00:00', 1)");
  }
  const StoredStudy study = open().find_study("old");
  EXPECT_EQ(study.command, "mlp-128-64");
  EXPECT_EQ(study.title, "");
  EXPECT_TRUE(study.questions.empty());
  EXPECT_EQ(study.started_at, "2026-11-20 10:00:00");
  EXPECT_FALSE(study.threshold) << "0.95 was what nobody had asked for";
  EXPECT_EQ(study.primary, Metric::validation_accuracy);
}

TEST_F(StoreTest, AThresholdOfTheThirdVersionThatIsNotTheDefaultWasGiven) {
  fs::create_directories(folder_);
  {
    Database old(folder_ / "normlab.db", Database::Access::write);
    migrate(old, folder_ / "normlab.db", 3);
    old.execute(
        "INSERT INTO study (id, name, command, threshold, data, started_at, number) VALUES "
        "('abc', 'old', 'mlp-128-64', 0.5, '[]', '2026-11-20 10:00:00', 1)");
  }
  EXPECT_EQ(open().find_study("old").threshold, 0.5);
}

TEST_F(StoreTest, KeepsThatNoThresholdWasGiven) {
  StoredStudy stored = make_stored("s1", "x");
  stored.threshold.reset();
  Store store = open();
  store.save_study(stored);
  EXPECT_FALSE(store.find_study("x").threshold);
}

/// Makes the tables what they were in version 2.
void make_old(const fs::path& folder) {
  Database old(folder / "normlab.db", Database::Access::write);
  for (const std::string name :
       {"train_loss", "train_accuracy", "validation_loss", "validation_accuracy"}) {
    old.execute(("ALTER TABLE epoch ADD COLUMN " + name + " REAL; UPDATE epoch SET " + name +
                 " = (SELECT value FROM epoch_value AS v WHERE v.trial = epoch.trial AND v.epoch = "
                 "epoch.epoch AND name = '" +
                 name + "')")
                    .c_str());
  }
  for (const std::string name : {"test_loss", "test_accuracy"}) {
    old.execute(("ALTER TABLE trial ADD COLUMN " + name + " REAL; UPDATE trial SET " + name +
                 " = (SELECT value FROM trial_value WHERE trial = id AND name = '" + name + "')")
                    .c_str());
  }
  old.execute(
      "DROP TABLE epoch_value; DROP TABLE trial_value; "
      "ALTER TABLE trial DROP COLUMN divergence_phase; ALTER TABLE trial DROP COLUMN "
      "stopped_early; ALTER TABLE trial DROP COLUMN lost_statistics; ALTER TABLE trial DROP COLUMN "
      "step_seconds; ALTER TABLE trial DROP COLUMN validation_majority; ALTER TABLE study DROP "
      "COLUMN primary_metric; ALTER TABLE study DROP COLUMN threshold_given; DROP TABLE probe; "
      "DROP TABLE prediction; PRAGMA user_version = 2");
}

TEST_F(StoreTest, TrialsOfTheFirstVersionsGoOnToCount) {
  const StoredStudy stored = make_stored("s1", "x");
  {
    Store store = open();
    store.save_study(stored);
    store.save_trial({stored.study.trials[0], make_record()}, "{}");
  }
  make_old(folder_);
  Store store = open();
  const Trial& trial = stored.study.trials[0];
  ASSERT_TRUE(store.find_finished(trial.id));
  EXPECT_FALSE(store.find_finished(trial.id)->step_seconds) << "not kept then";
  EXPECT_FALSE(store.find_finished(trial.id)->validation_majority);
  for (const TrialRecord& record :
       {*store.find_finished(trial.id), store.results(stored.study).at(0).record}) {
    ASSERT_EQ(record.epochs.size(), 2u);
    EXPECT_EQ(record.epochs[0].train, classified(0.1, 0.2)) << "columns of the table then";
    EXPECT_EQ(record.epochs[1].validation, classified(0.03, 0.04));
    EXPECT_EQ(record.test, classified(0.7, 0.8));
  }
  EXPECT_EQ(store.results(stored.study).size(), 1u);
  EXPECT_FALSE(store.find_probe(trial.id));
  EXPECT_FALSE(store.find_predictions(trial.id));
  store.save_trial({stored.study.trials[1], make_probed_record()}, "{}");
  EXPECT_TRUE(store.find_probe(stored.study.trials[1].id));
}

TEST_F(StoreTest, KeepsWhateverWasEvaluatedByItsName) {
  const StoredStudy stored = make_stored("s1", "x");
  TrialRecord record = make_record();
  record.epochs[1].validation = {{"top5_accuracy", 0.9}};
  record.test = Evaluation{{"top5_accuracy", 0.8}, {"loss", std::nan("")}};
  Store store = open();
  store.save_study(stored);
  store.save_trial({stored.study.trials[0], record}, "{}");
  const TrialRecord read = *store.find_finished(stored.study.trials[0].id);
  EXPECT_EQ(read.epochs[0].validation, record.epochs[0].validation);
  EXPECT_EQ(read.epochs[1].validation, record.epochs[1].validation);
  ASSERT_EQ(read.test->size(), 2u);
  EXPECT_EQ(read.test->at("top5_accuracy"), 0.8);
  EXPECT_TRUE(std::isnan(read.test->at("loss")));
}

TEST_F(StoreTest, KeepsPredictionsOfMoreThan256Classes) {
  const StoredStudy stored = make_stored("s1", "x");
  TrialRecord wide = make_record();
  wide.predictions = Predictions{{7, 999, 256}, {0.5f, 1.0f / 3, 1}};
  TrialRecord none = make_record();
  none.predictions = Predictions{};
  Store store = open();
  store.save_study(stored);
  store.save_trial({stored.study.trials[0], wide}, "{}");
  store.save_trial({stored.study.trials[1], none}, "{}");
  EXPECT_EQ(store.find_predictions(stored.study.trials[0].id)->labels, wide.predictions->labels);
  EXPECT_TRUE(store.find_predictions(stored.study.trials[1].id)->labels.empty());
}

TEST_F(StoreTest, KeepsPredictionsAsBytesWhereTheyFit) {
  const StoredStudy stored = make_stored("s1", "x");
  {
    Store store = open();
    store.save_study(stored);
    store.save_trial({stored.study.trials[0], make_probed_record()}, "{}");
  }
  Database database(folder_ / "normlab.db", Database::Access::read);
  Statement row = database.prepare("SELECT hex(labels) FROM prediction");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.text(0), "0700FF");
}

/// Reads like a store on a read-only medium: SQLite may write nothing beside the file. (Permissions
/// would not bind root.)
class UnwritableStoreTest : public StoreTest {
 protected:
  UnwritableStoreTest() : stored_(make_stored("s1", "x")) {
    Store store = open();
    store.save_study(stored_);
    store.save_trial({stored_.study.trials[0], make_record()}, "{}");
  }

  /// A folder in the place of the index that SQLite would make.
  void block() const {
    fs::remove(folder_ / "normlab.db-shm");
    fs::create_directory(folder_ / "normlab.db-shm");
  }

  StoredStudy stored_;
};

TEST_F(UnwritableStoreTest, IsListedAndShown) {
  block();
  Store store(folder_, Database::Access::read);
  EXPECT_EQ(store.list().at(0).done, 1);
  EXPECT_EQ(store.find_study("x").study.trials.size(), 4u);
  EXPECT_EQ(store.results(stored_.study).at(0).record.step_losses, make_record().step_losses);
}

TEST_F(UnwritableStoreTest, WhatIsInTheLogAloneCounts) {
  {
    // As a killed process leaves it: the log is not brought into the file.
    Store store = open();
    store.save_trial({stored_.study.trials[1], make_record()}, "{}");
    fs::copy(folder_, folder_.string() + "_killed");
  }
  fs::remove_all(folder_);
  fs::rename(folder_.string() + "_killed", folder_);
  ASSERT_GT(fs::file_size(folder_ / "normlab.db-wal"), 0u);
  const auto log = fs::file_size(folder_ / "normlab.db-wal");
  block();
  Store store(folder_, Database::Access::read);
  EXPECT_EQ(store.list().at(0).done, 2);
  EXPECT_EQ(store.results(stored_.study).size(), 2u);
  EXPECT_EQ(fs::file_size(folder_ / "normlab.db-wal"), log) << "it is another's";
}

TEST_F(UnwritableStoreTest, ACopyInMemoryIsBroughtUpToDateAndTheFileStaysAsItIs) {
  make_old(folder_);
  const auto version = [](Database& database) {
    Statement statement = database.prepare("PRAGMA user_version");
    return statement.step() ? statement.integer(0) : -1;
  };
  Database copy(folder_ / "normlab.db", Database::Access::read);
  EXPECT_TRUE(copy.is_writable());
  copy.move_to_memory();
  migrate(copy, folder_ / "normlab.db");
  EXPECT_EQ(version(copy), kStoreVersion);
  EXPECT_TRUE(copy.prepare("SELECT stopped_early FROM trial").step());
  Database file(folder_ / "normlab.db", Database::Access::read);
  EXPECT_EQ(version(file), 2);
}

TEST_F(UnwritableStoreTest, NamesWithSignsOfTheirOwnAreNames) {
  const fs::path odd = folder_ / "50%20?a=b#c é";
  fs::create_directory(odd);
  Store(odd, Database::Access::write).save_study(stored_);
  EXPECT_TRUE(fs::exists(odd / "normlab.db"));
  EXPECT_EQ(Store(odd, Database::Access::read).list().size(), 1u);
}

TEST_F(StoreTest, GivesProbesAndPredictionsOnlyToThoseWhoAsk) {
  const StoredStudy stored = make_stored("s1", "x");
  const TrialRecord probed = make_probed_record();
  Store store = open();
  store.save_study(stored);
  const std::string& id = stored.study.trials[0].id;
  store.save_trial({stored.study.trials[0], probed}, "{}");
  store.save_trial({stored.study.trials[1], make_record()}, "{}");

  const auto probe = store.find_probe(id);
  ASSERT_TRUE(probe);
  EXPECT_EQ(to_document(*probe), to_document(*probed.probe));
  const auto predictions = store.find_predictions(id);
  ASSERT_TRUE(predictions);
  EXPECT_EQ(predictions->labels, probed.predictions->labels);
  EXPECT_EQ(predictions->probabilities, probed.predictions->probabilities);
  EXPECT_FALSE(store.find_probe(stored.study.trials[1].id));
  EXPECT_FALSE(store.find_predictions("nothing"));
  for (const TrialResult& result : store.results(stored.study)) {
    EXPECT_FALSE(result.record.probe);
    EXPECT_FALSE(result.record.predictions);
  }
  EXPECT_FALSE(store.find_finished(id)->probe);

  store.save_trial({stored.study.trials[0], make_record()}, "{}");
  EXPECT_FALSE(store.find_probe(id)) << "a trial that is run again leaves nothing behind";
  EXPECT_FALSE(store.find_predictions(id));
}

TEST_F(StoreTest, LeavesTheSeriesOutWhenAsked) {
  const StoredStudy stored = make_stored("s1", "x");
  Store store = open();
  store.save_study(stored);
  TrialRecord other = make_record();
  other.step_losses = {7};
  other.epochs.pop_back();
  other.test.reset();
  store.save_trial({stored.study.trials[3], other}, "{}");
  store.save_trial({stored.study.trials[1], make_record()}, "{}");
  const auto all = store.results(stored.study);
  const auto brief = store.results(stored.study, Series::without);
  ASSERT_EQ(all.size(), 2u);
  ASSERT_EQ(brief.size(), 2u);
  EXPECT_EQ(all[0].trial.id, stored.study.trials[1].id);
  EXPECT_EQ(all[0].record.step_losses, make_record().step_losses);
  EXPECT_EQ(all[1].record.step_losses, std::vector<float>{7});
  EXPECT_FALSE(all[1].record.test);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(brief[i].record.step_losses.empty());
    EXPECT_EQ(brief[i].trial.id, all[i].trial.id);
    EXPECT_EQ(brief[i].record.steps, all[i].record.steps);
    ASSERT_EQ(brief[i].record.epochs.size(), all[i].record.epochs.size());
    EXPECT_EQ(brief[i].record.epochs.back().steps, all[i].record.epochs.back().steps);
  }
}

TEST_F(StoreTest, RefusesForeignAndNewerAndDamagedFiles) {
  fs::create_directories(folder_);
  {
    Database other(folder_ / "normlab.db", Database::Access::write);
    other.execute("CREATE TABLE t (x)");
  }
  EXPECT_THAT([&] { open(); }, throws<Error>("another program"));
  fs::remove_all(folder_);
  open();
  {
    Database newer(folder_ / "normlab.db", Database::Access::write);
    newer.execute("PRAGMA user_version = 99");
  }
  EXPECT_THAT([&] { open(); }, throws<Error>("newer normlab", "99"));
  fs::remove_all(folder_);
  fs::create_directories(folder_);
  std::ofstream(folder_ / "normlab.db") << std::string(5000, 'x');
  EXPECT_THAT([&] { open(); }, throws<Error>("normlab.db", "damaged"));
}

TEST_F(StoreTest, NamesEachEnvironmentOfAStudyOnce) {
  Store store = open();
  const StoredStudy stored = make_stored("s1", "x");
  store.save_study(stored);
  const auto save = [&](std::size_t trial, const char* environment) {
    store.save_trial({stored.study.trials[trial], make_record()}, environment);
  };
  save(0, "{1}");
  save(1, "{2}");
  save(3, "{1}");
  EXPECT_THAT(store.environments(stored.study), testing::ElementsAre("{1}", "{2}"));
}

TEST_F(StoreTest, SeveralThreadsAndConnectionsWriteTheSameFile) {
  const StoredStudy stored = make_stored("s", "x");
  const auto write = [&](char first) {
    Store store = open();
    for (int i = 0; i < 50; ++i) {
      Trial trial = stored.study.trials[0];
      trial.id = first + std::to_string(i);
      store.save_trial({trial, make_record()}, "{}");
    }
  };
  {
    const std::jthread a(write, 'a');
    const std::jthread b(write, 'b');
  }
  Store store = open();
  for (const char first : {'a', 'b'}) {
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(store.find_finished(first + std::to_string(i)));
  }
}

}  // namespace
}  // namespace normlab
