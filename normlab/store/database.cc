#include "normlab/store/database.h"

#include <cctype>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

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

/// True when not even a question can be asked, because something beside the file would have to be
/// written for it.
bool needs_more_than_reading(sqlite3* connection) {
  const int code =
      sqlite3_exec(connection, "SELECT 1 FROM sqlite_master LIMIT 1", nullptr, nullptr, nullptr) &
      0xff;
  return code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_PERM ||
         code == SQLITE_IOERR;  // a file system without shared memory, over a network
}

/// As SQLite takes it: everything but letters, digits and a few signs as %XX.
std::string uri_of(const std::filesystem::path& file) {
  constexpr std::string_view kPlain = "/-._~";
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(file).string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (std::isalnum(byte) != 0 && byte < 0x80) || kPlain.find(c) != kPlain.npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return uri;
}

std::filesystem::path log_of(const std::filesystem::path& file) {
  return file.string() + "-wal";
}

/// True when something is in the write-ahead log that may not be in the file yet.
bool has_log(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(log_of(file), error);
  return !error && size > 0;
}

/// A file and its log in a folder of their own, until the end of the object's life.
class TemporaryCopy {
 public:
  explicit TemporaryCopy(const std::filesystem::path& original) {
    std::string name = (std::filesystem::temp_directory_path() / "normlab-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      fail<Error>("{}: a copy of it is needed, and no folder can be made in {}", original.string(),
                  std::filesystem::temp_directory_path().string());
    }
    folder_ = name;
    try {
      std::filesystem::copy_file(original, file());
      std::filesystem::copy_file(log_of(original), log_of(file()));
    } catch (const std::filesystem::filesystem_error& error) {
      remove();
      fail<Error>(
          "{}: a copy of it is needed, and cannot be made in {} (TMPDIR names another "
          "place): {}",
          original.string(), folder_.string(), error.code().message());
    }
  }
  ~TemporaryCopy() { remove(); }
  TemporaryCopy(const TemporaryCopy&) = delete;
  TemporaryCopy& operator=(const TemporaryCopy&) = delete;

  std::filesystem::path file() const { return folder_ / "copy.db"; }

 private:
  void remove() const {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::filesystem::path folder_;
};

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

Database::Connection Database::open(const std::filesystem::path& file, int flags,
                                    const char* query) {
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2((uri_of(file) + query).c_str(), &opened, flags | SQLITE_OPEN_URI, nullptr);
  Connection connection(opened);
  if (code != SQLITE_OK) fail<Error>("{}: {}{}", file.string(), sqlite3_errstr(code), advice(code));
  sqlite3_busy_timeout(opened, kBusyMilliseconds);
  sqlite3_extended_result_codes(opened, 1);
  return connection;
}

Database::Database(const std::filesystem::path& file, Access access) {
  const bool write = access == Access::write;
  connection_ = open(file, SQLITE_OPEN_READWRITE | (write ? SQLITE_OPEN_CREATE : 0));
  if (!write && needs_more_than_reading(connection_.get())) open_unwritable(file);
  if (write) {
    if (!is_writable())
      fail<Error>("{}: cannot be written to{}", file.string(), advice(SQLITE_PERM));
    // SQLite does not wait by itself when two processes make the same file at once.
    for (int waited = 0; waited < kBusyMilliseconds; waited += kRetryMilliseconds) {
      const int result =
          sqlite3_exec(connection_.get(), "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
      if ((result & 0xff) != SQLITE_BUSY) break;
      sqlite3_sleep(kRetryMilliseconds);
    }
    execute("PRAGMA journal_mode = WAL");
  }
  execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
}

/// SQLite reads a file in write-ahead mode by writing an index of the log beside it. Where it
/// cannot, a file without a log is read as one that nobody changes, and one with a log from a copy.
void Database::open_unwritable(const std::filesystem::path& file) {
  if (!has_log(file)) {
    connection_ = open(file, SQLITE_OPEN_READONLY, "?immutable=1");
    return;
  }
  const TemporaryCopy copy(file);
  const Connection source = open(copy.file(), SQLITE_OPEN_READWRITE);
  copy_from(source.get());
}

void Database::copy_from(sqlite3* source) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open(":memory:", &opened);
  Connection memory(opened);
  if (code != SQLITE_OK) fail<Error>("a copy in memory: {}", sqlite3_errstr(code));
  sqlite3_backup* backup = sqlite3_backup_init(memory.get(), "main", source, "main");
  if (backup == nullptr) fail_with(memory.get());
  sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) != SQLITE_OK) fail_with(memory.get());
  connection_ = std::move(memory);
}

bool Database::is_writable() const {
  return sqlite3_db_readonly(connection_.get(), "main") == 0;
}

void Database::move_to_memory() {
  const Connection source = std::move(connection_);
  copy_from(source.get());
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
