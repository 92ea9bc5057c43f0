#include "normlab/store/schema.h"

#include <array>
#include <string>
#include <variant>

#include "normlab/base/error.h"
#include "normlab/store/measured_columns.h"

namespace normlab {
namespace {

/// "nlab": tells our files from other programs'.
constexpr std::int64_t kApplicationId = 0x6e6c6162;

/// SQL, or what SQL cannot say.
using Migration = std::variant<const char*, void (*)(Database&)>;

/// migrations[v] leads from version v to v + 1.
constexpr std::array<Migration, kStoreVersion> kMigrations = {R"sql(
  CREATE TABLE environment (
    id INTEGER PRIMARY KEY,
    description TEXT NOT NULL UNIQUE
  );
  CREATE TABLE trial (
    id TEXT PRIMARY KEY,
    settings TEXT NOT NULL,
    seed INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('done', 'diverged', 'failed')),
    error TEXT NOT NULL,
    divergence_step INTEGER,
    divergence_layer TEXT,
    steps INTEGER NOT NULL,
    seconds REAL NOT NULL,
    train_seconds REAL NOT NULL,
    train_examples INTEGER NOT NULL,
    validation_examples INTEGER NOT NULL,
    test_examples INTEGER NOT NULL,
    test_loss REAL,
    test_accuracy REAL,
    checkpoint TEXT NOT NULL,
    environment INTEGER NOT NULL REFERENCES environment (id),
    finished_at TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE series (
    trial TEXT NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    floats BLOB NOT NULL,
    PRIMARY KEY (trial, name)
  );
  CREATE TABLE epoch (
    trial TEXT NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    train_loss REAL,
    train_accuracy REAL,
    validation_loss REAL,
    validation_accuracy REAL,
    seconds REAL NOT NULL,
    PRIMARY KEY (trial, epoch)
  ) WITHOUT ROWID;
  CREATE TABLE study (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    command TEXT NOT NULL,
    threshold REAL NOT NULL,
    data TEXT NOT NULL,
    started_at TEXT NOT NULL,
    number INTEGER NOT NULL UNIQUE
  ) WITHOUT ROWID;
  CREATE TABLE arm (
    study TEXT NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    label TEXT NOT NULL,
    settings TEXT NOT NULL,
    PRIMARY KEY (study, position)
  ) WITHOUT ROWID;
  CREATE TABLE study_trial (
    study TEXT NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    arm INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    trial TEXT NOT NULL,
    PRIMARY KEY (study, position)
  ) WITHOUT ROWID;
  CREATE INDEX study_trial_by_trial ON study_trial (trial);
)sql",
                                                              R"sql(
  ALTER TABLE study ADD COLUMN title TEXT NOT NULL DEFAULT '';
  ALTER TABLE study ADD COLUMN questions TEXT NOT NULL DEFAULT '[]';
)sql",
                                                              R"sql(
  CREATE TABLE probe (
    trial TEXT PRIMARY KEY REFERENCES trial (id) ON DELETE CASCADE,
    document BLOB NOT NULL
  );
  CREATE TABLE prediction (
    trial TEXT PRIMARY KEY REFERENCES trial (id) ON DELETE CASCADE,
    labels BLOB NOT NULL,
    probabilities BLOB NOT NULL
  );
)sql",
                                                              R"sql(
  ALTER TABLE trial ADD COLUMN step_seconds REAL;
  ALTER TABLE trial ADD COLUMN validation_majority REAL;
  ALTER TABLE study ADD COLUMN primary_metric TEXT NOT NULL DEFAULT 'validation_accuracy';
  ALTER TABLE study ADD COLUMN threshold_given INTEGER NOT NULL DEFAULT 0;
  UPDATE study SET threshold_given = threshold <> 0.95;
  )sql",
                                                              R"sql(
  ALTER TABLE trial ADD COLUMN divergence_phase TEXT;
  ALTER TABLE trial ADD COLUMN stopped_early INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE trial ADD COLUMN lost_statistics TEXT NOT NULL DEFAULT '[]';
)sql", measured_columns_to_json};

std::int64_t pragma(Database& database, const std::string& name) {
  Statement statement = database.prepare("PRAGMA " + name);
  return statement.step() ? statement.integer(0) : 0;
}

void run(const Migration& migration, Database& database) {
  if (const auto* sql = std::get_if<const char*>(&migration)) {
    database.execute(*sql);
  } else {
    std::get<void (*)(Database&)>(migration)(database);
  }
}

bool has_tables(Database& database) {
  return database.prepare("SELECT 1 FROM sqlite_master LIMIT 1").step();
}

}  // namespace

void migrate(Database& database, const std::filesystem::path& file, int target) {
  std::int64_t version = pragma(database, "user_version");
  if (pragma(database, "application_id") == kApplicationId && version == kStoreVersion) return;

  if (!database.is_writable()) database.move_to_memory();
  // Another process may be doing the same: look again once nobody else can.
  Transaction transaction(database);
  version = pragma(database, "user_version");
  const bool ours = pragma(database, "application_id") == kApplicationId;
  if (!ours && has_tables(database)) {
    fail<Error>("{}: an SQLite file of another program; choose another folder with --runs",
                file.string());
  }
  if (version > kStoreVersion) {
    fail<Error>(
        "{}: written by a newer normlab (store version {}, this program knows {}); use that one, "
        "or another "
        "folder with --runs",
        file.string(), version, kStoreVersion);
  }
  for (; version < target; ++version) run(kMigrations[static_cast<std::size_t>(version)], database);
  database.execute(
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, target)
          .c_str());
  transaction.commit();
}

}  // namespace normlab
