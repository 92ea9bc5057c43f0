#include "normlab/store/schema.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "normlab/base/error.h"
#include "normlab/store/settings_json.h"
#include "normlab/store/store_test.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

class SchemaTest : public StoreTest {};

TEST_F(SchemaTest, BringsTheFirstVersionUpToDate) {
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

TEST_F(SchemaTest, AThresholdOfTheThirdVersionThatIsNotTheDefaultWasGiven) {
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

TEST_F(SchemaTest, TrialsOfTheFirstVersionsGoOnToCount) {
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

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Of which SQLite's own texts, of 15 digits, would lose bits.
constexpr std::array kAwkward = {0.1 + 0.2,
                                 1.0 / 3,
                                 1e-300,
                                 5e-324,
                                 -0.0,
                                 1.0,
                                 1e300,
                                 std::numeric_limits<double>::max(),
                                 std::numeric_limits<double>::min(),
                                 123456789012345678.0,
                                 4.937e-05};

void expect_bits(double value, double expected) {
  EXPECT_EQ(std::bit_cast<std::uint64_t>(value), std::bit_cast<std::uint64_t>(expected))
      << value << ", not " << expected;
}

/// SQLite takes the minus from a zero.
double kept_in_a_column(double value) {
  return value == 0 ? 0.0 : value;
}

TEST_F(SchemaTest, TheFifthVersionsNumbersKeepTheirBits) {
  const StoredStudy stored = make_stored("s1", "x");
  const std::string& id = stored.study.trials[0].id;
  fs::create_directories(folder_);
  {
    Database old(folder_ / "normlab.db", Database::Access::write);
    migrate(old, folder_ / "normlab.db", 5);
    old.execute("INSERT INTO environment (description) VALUES ('{}')");
    old.prepare(
           "INSERT INTO trial (id, settings, seed, status, error, steps, seconds, train_seconds, "
           "train_examples, validation_examples, test_examples, test_loss, test_accuracy, "
           "checkpoint, environment, finished_at) VALUES (?, ?, 1, 'done', '', 7, 1, 1, 1, 1, 1, "
           "NULL, ?, '', 1, '')")
        .bind(id)
        .bind(settings_to_json(stored.study.trials[0].settings))
        .bind(0.1 + 0.2)
        .run();
    Statement epoch = old.prepare("INSERT INTO epoch VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    // The last ones first: their order in the file is not that of time.
    for (auto i = std::ssize(kAwkward); i-- > 0;) {
      const double value = kept_in_a_column(kAwkward.at(static_cast<std::size_t>(i)));
      epoch.bind(id).bind(std::int64_t{i + 1}).bind(std::int64_t{7 * i}).bind(value);
      epoch.bind(kInfinity).bind(std::nan("")).bind(value / 3).bind(value).run();
    }
  }
  Store store = open();
  store.save_study(stored);
  for (const TrialRecord& record :
       {*store.find_finished(id), store.results(stored.study).at(0).record}) {
    ASSERT_EQ(record.epochs.size(), kAwkward.size());
    for (std::size_t i = 0; i < kAwkward.size(); ++i) {
      const EpochRecord& epoch = record.epochs[i];
      EXPECT_EQ(epoch.epoch, static_cast<std::int64_t>(i) + 1);
      EXPECT_EQ(epoch.steps, static_cast<std::int64_t>(7 * i));
      const double value = kept_in_a_column(kAwkward[i]);
      expect_bits(epoch.train.at("loss"), value);
      EXPECT_FALSE(std::isfinite(epoch.train.at("accuracy")));
      EXPECT_TRUE(std::isnan(epoch.validation.at("loss")));
      expect_bits(epoch.validation.at("accuracy"), value / 3);
      expect_bits(epoch.seconds, value);
    }
    EXPECT_TRUE(std::isnan(record.test->at("loss")));
    expect_bits(record.test->at("accuracy"), 0.1 + 0.2);
  }
}

TEST_F(SchemaTest, NumbersAreStoredWithAllTheirBits) {
  const Trial trial = make_stored("s1", "x").study.trials[0];
  TrialRecord record = make_record();
  record.epochs.clear();
  for (const double value : kAwkward) {
    record.epochs.push_back(
        {std::ssize(record.epochs) + 1, 1, {{"loss", value}}, {{"loss", -value}}, value});
  }
  Store store = open();
  store.save_trial({trial, record}, "{}");
  const TrialRecord read = *store.find_finished(trial.id);
  ASSERT_EQ(read.epochs.size(), kAwkward.size());
  for (std::size_t i = 0; i < kAwkward.size(); ++i) {
    expect_bits(read.epochs[i].train.at("loss"), kAwkward[i]);
    expect_bits(read.epochs[i].validation.at("loss"), -kAwkward[i]);
    expect_bits(read.epochs[i].seconds, kAwkward[i]);
  }
}

TEST_F(SchemaTest, WhatOthersAskOfTheColumnsOfVersion5IsAnswered) {
  const StoredStudy stored = make_stored("s1", "x");
  TrialRecord record = make_record();
  record.epochs[1].validation = {{"loss", kInfinity}, {"top5_accuracy", 0.9}};
  TrialRecord untested = make_record();
  untested.test.reset();
  {
    Store store = open();
    store.save_trial({stored.study.trials[0], record}, "{}");
    store.save_trial({stored.study.trials[1], untested}, "{}");
  }
  Database database(folder_ / "normlab.db", Database::Access::read);
  Statement epoch = database.prepare(
      "SELECT epoch, steps, train_loss, train_accuracy, validation_loss, validation_accuracy, "
      "seconds FROM epoch WHERE trial = ? ORDER BY epoch");
  epoch.bind(stored.study.trials[0].id);
  ASSERT_TRUE(epoch.step());
  EXPECT_EQ(epoch.text(0) + " " + epoch.text(1), "1 3");
  EXPECT_EQ(epoch.number(2), 0.1);
  EXPECT_EQ(epoch.number(3), 0.2);
  EXPECT_EQ(epoch.number(4), 0.3);
  EXPECT_EQ(epoch.number(5), 0.4);
  EXPECT_EQ(epoch.number(6), 0.5);
  ASSERT_TRUE(epoch.step());
  EXPECT_EQ(epoch.text(0) + " " + epoch.text(1), "2 6");
  EXPECT_TRUE(epoch.is_null(4)) << "not finite";
  EXPECT_TRUE(epoch.is_null(5)) << "not measured";
  EXPECT_FALSE(epoch.step());

  Statement values = database.prepare(
      "SELECT count(*), count(value), min(name), max(epoch) FROM epoch_value "
      "WHERE trial = ? AND name LIKE 'validation%' AND epoch = 2");
  ASSERT_TRUE(values.bind(stored.study.trials[0].id).step());
  EXPECT_EQ(values.integer(0), 2) << "what was not measured has no row";
  EXPECT_EQ(values.integer(1), 1) << "what is not finite has one";
  EXPECT_EQ(values.text(2), "validation_loss");

  Statement test = database.prepare(
      "SELECT test_loss, test_accuracy FROM trial WHERE test_accuracy IS NOT NULL");
  ASSERT_TRUE(test.step());
  EXPECT_EQ(test.number(0), 0.7);
  EXPECT_EQ(test.number(1), 0.8);
  EXPECT_FALSE(test.step());
}

TEST_F(SchemaTest, SaysThatNumbersAreDamaged) {
  const Trial trial = make_stored("s1", "x").study.trials[0];
  Store store = open();
  store.save_trial({trial, make_record()}, "{}");
  Database(folder_ / "normlab.db", Database::Access::write)
      .execute("UPDATE epoch_series SET numbers = '[1,' WHERE name = 'train_loss'");
  EXPECT_THAT([&] { store.find_finished(trial.id); },
              throws<Error>("damaged numbers of train_loss"));
}

}  // namespace
}  // namespace normlab
