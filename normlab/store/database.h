#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace normlab {

/// A prepared statement: bind values in order, step through rows, read columns by position.
/// Finalised at the end.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);

  Statement& bind(std::int64_t value);
  Statement& bind(double value);  ///< a NaN is stored as null
  Statement& bind(std::string_view value);
  Statement& bind(std::span<const std::byte> value);
  Statement& bind(std::nullopt_t);
  template <class T>
  Statement& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bind(std::nullopt);
  }

  /// False when there is no further row. Throws Error.
  bool step();
  /// For statements that give no rows; ready to be bound again afterwards.
  void run();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double number(int column) const;  ///< NaN for null
  std::string text(int column) const;
  std::span<const std::byte> blob(int column) const;  ///< valid until the next step

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
};

/// A connection to an SQLite file in write-ahead mode. Every failure is an Error that names the
/// file, says what is wrong and what may help. Not thread-safe.
class Database {
 public:
  enum class Access { read, write };
  /// With Access::write the file is made when it is missing. With Access::read a file that cannot
  /// be written to (a read-only medium, another user's) is read as well. What stands beside it in a
  /// write-ahead log counts: then a copy is read.
  Database(const std::filesystem::path& file, Access access);

  /// False when the file cannot be written to. Then changes are possible after `move_to_memory`.
  bool is_writable() const;
  /// From now on this is a copy in memory, and the file stays as it is.
  void move_to_memory();

  Statement prepare(std::string_view sql) { return {connection_.get(), sql}; }
  /// Several statements without values.
  void execute(const char* sql);

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  using Connection = std::unique_ptr<sqlite3, Close>;

  static Connection open(const std::filesystem::path& file, int flags, const char* query = "");
  void open_unwritable(const std::filesystem::path& file);
  void copy_from(sqlite3* source);

  Connection connection_;
};

/// Everything between construction and `commit` happens, or nothing does. With Access::read: what
/// is read is all of one moment, whatever other processes write.
class Transaction {
 public:
  explicit Transaction(Database& database, Database::Access access = Database::Access::write);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace normlab
