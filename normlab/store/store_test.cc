#include "normlab/store/store.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error.h"
#include "normlab/store/schema.h"
#include "normlab/store/settings_json.h"
#include "normlab/store/store_test.h"
#include "normlab/train/probe_document.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

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

TEST_F(StoreTest, KeepsThatNoThresholdWasGiven) {
  StoredStudy stored = make_stored("s1", "x");
  stored.threshold.reset();
  Store store = open();
  store.save_study(stored);
  EXPECT_FALSE(store.find_study("x").threshold);
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
