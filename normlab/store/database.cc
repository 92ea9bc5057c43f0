#include "normlab/store/database.h"

#include <cmath>
#include <limits>

#include <sqlite3.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

/// How long to wait for another process that is writing.
constexpr int kBusyMilliseconds = 60'000;
constexpr int kRetryMilliseconds = 10;

std::string_view advice(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "; free some space, then run the same command again: finished trials are safe";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return "; choose another folder with --runs, or mend its permissions";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "; the file is damaged: move it away (or restore a copy) and run again";
    case SQLITE_BUSY:
      return "; another process has been writing for a minute";
    default:
      return "";
  }
}

[[noreturn]] void fail_with(sqlite3* connection) {
  const int code = sqlite3_extended_errcode(connection);
  const char* file = sqlite3_db_filename(connection, "main");
  fail<Error>("{}: {}{}", file == nullptr || *file == '\0' ? "store" : file,
              sqlite3_errmsg(connection), advice(code));
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, std::string_view sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) !=
      SQLITE_OK) {
    fail_with(database);
  }
  statement_.reset(statement);
}

Statement& Statement::bind(std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), ++bound_, value);
  return *this;
}
Statement& Statement::bind(double value) {
  sqlite3_bind_double(statement_.get(), ++bound_, value);
  return *this;
}
Statement& Statement::bind(std::string_view value) {
  sqlite3_bind_text(statement_.get(), ++bound_, value.data(), static_cast<int>(value.size()),
                    SQLITE_TRANSIENT);
  return *this;
}
Statement& Statement::bind(std::span<const std::byte> value) {
  sqlite3_bind_blob64(statement_.get(), ++bound_,
                      value.empty() ? "" : static_cast<const void*>(value.data()), value.size(),
                      SQLITE_TRANSIENT);
  return *this;
}
Statement& Statement::bind(std::nullopt_t) {
  sqlite3_bind_null(statement_.get(), ++bound_);
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail_with(database_);
  return false;
}

void Statement::run() {
  while (step()) {
  }
  sqlite3_reset(statement_.get());
  bound_ = 0;
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}
double Statement::number(int column) const {
  if (is_null(column)) return std::numeric_limits<double>::quiet_NaN();
  return sqlite3_column_double(statement_.get(), column);
}
std::string Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return text == nullptr ? std::string() : std::string(text, size);
}
std::span<const std::byte> Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return {static_cast<const std::byte*>(data), data == nullptr ? 0 : size};
}

void Database::Close::operator()(sqlite3* connection) const {
  sqlite3_close_v2(connection);
}

Database::Database(const std::filesystem::path& file, Access access) {
  const int flags = SQLITE_OPEN_READWRITE | (access == Access::write ? SQLITE_OPEN_CREATE : 0);
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &connection, flags, nullptr);
  connection_.reset(connection);
  if (code != SQLITE_OK) fail<Error>("{}: {}{}", file.string(), sqlite3_errstr(code), advice(code));
  sqlite3_busy_timeout(connection, kBusyMilliseconds);
  sqlite3_extended_result_codes(connection, 1);
  // A file that is only read stays as it is, so that a store on a read-only medium can be shown.
  if (access == Access::write) {
    // SQLite does not wait by itself when two processes make the same file at once.
    for (int waited = 0; waited < kBusyMilliseconds; waited += kRetryMilliseconds) {
      const int result =
          sqlite3_exec(connection, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
      if ((result & 0xff) != SQLITE_BUSY) break;
      sqlite3_sleep(kRetryMilliseconds);
    }
    execute("PRAGMA journal_mode = WAL");
  }
  execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
}

void Database::execute(const char* sql) {
  if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    fail_with(connection_.get());
}

Transaction::Transaction(Database& database, Database::Access access) : database_(database) {
  database_.execute(access == Database::Access::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const Error&) {
    // SQLite has rolled back already, as it does when the disk is full.
    open_ = false;
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace normlab
