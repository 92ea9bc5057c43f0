#include "normlab/store/measured_columns.h"

#include <string>
#include <utility>
#include <vector>

#include "normlab/store/epoch_series.h"

namespace normlab {
namespace {

/// What was measured is put aside first, so that its pages in the file are free for what follows.
constexpr const char* kTables = R"sql(
  CREATE TEMP TABLE old_epoch AS
    SELECT trial, steps, seconds, train_loss, train_accuracy, validation_loss, validation_accuracy
    FROM epoch ORDER BY trial, epoch;
  CREATE TEMP TABLE old_test AS
    SELECT id, test_loss, test_accuracy FROM trial WHERE test_accuracy IS NOT NULL;
  DROP TABLE epoch;
  ALTER TABLE trial DROP COLUMN test_loss;
  ALTER TABLE trial DROP COLUMN test_accuracy;
  ALTER TABLE trial ADD COLUMN test TEXT;
  ALTER TABLE trial ADD COLUMN test_loss REAL AS (json_extract(test, '$.loss'));
  ALTER TABLE trial ADD COLUMN test_accuracy REAL AS (json_extract(test, '$.accuracy'));
  CREATE TABLE epoch_series (
    trial TEXT NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    numbers TEXT NOT NULL,
    PRIMARY KEY (trial, name)
  );
  CREATE VIEW epoch_value AS
    SELECT trial, key + 1 AS epoch, name, value
    FROM epoch_series, json_each(numbers) WHERE type <> 'text';
  CREATE VIEW epoch AS
    SELECT trial, epoch,
      max(value) FILTER (WHERE name = 'steps') AS steps,
      max(value) FILTER (WHERE name = 'train_loss') AS train_loss,
      max(value) FILTER (WHERE name = 'train_accuracy') AS train_accuracy,
      max(value) FILTER (WHERE name = 'validation_loss') AS validation_loss,
      max(value) FILTER (WHERE name = 'validation_accuracy') AS validation_accuracy,
      max(value) FILTER (WHERE name = 'seconds') AS seconds
    FROM epoch_value GROUP BY trial, epoch;
)sql";

Evaluation classified(const Statement& row, int c) {
  return {{"loss", row.number(c)}, {"accuracy", row.number(c + 1)}};
}

void move_epochs(Database& database) {
  Statement rows = database.prepare(
      "SELECT trial, steps, seconds, train_loss, train_accuracy, validation_loss, "
      "validation_accuracy FROM temp.old_epoch ORDER BY rowid");
  std::string trial;
  std::vector<EpochRecord> epochs;
  while (rows.step()) {
    if (std::string next = rows.text(0); next != trial) {
      insert_epochs(database, trial, std::exchange(epochs, {}));
      trial = std::move(next);
    }
    epochs.push_back({.epoch = std::ssize(epochs) + 1,
                      .steps = rows.integer(1),
                      .train = classified(rows, 3),
                      .validation = classified(rows, 5),
                      .seconds = rows.number(2)});
  }
  insert_epochs(database, trial, epochs);
}

void move_tests(Database& database) {
  Statement rows = database.prepare("SELECT id, test_loss, test_accuracy FROM temp.old_test");
  Statement update = database.prepare("UPDATE trial SET test = ? WHERE id = ?");
  while (rows.step()) update.bind(evaluation_to_json(classified(rows, 1))).bind(rows.text(0)).run();
}

}  // namespace

void measured_columns_to_json(Database& database) {
  database.execute(kTables);
  move_epochs(database);
  move_tests(database);
  database.execute("DROP TABLE temp.old_epoch; DROP TABLE temp.old_test");
}

}  // namespace normlab
