#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace normlab {

/// A file that is being downloaded: NAME.part until it is complete, then, in one step, NAME. What
/// is there from an earlier attempt is kept. The file is locked against a second program. All
/// functions throw Error when the disk or the permissions do not allow them.
class PartFile {
 public:
  /// For the finished file `target`, whose folder exists.
  explicit PartFile(std::filesystem::path target);
  /// Keeps the part for a later attempt, unless it is empty.
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  std::uint64_t size() const { return size_; }
  void append(std::span<const std::byte> bytes);
  void restart();
  /// Of what is in the part.
  std::string sha256() const;
  /// Makes the part the finished file, on the disk for good.
  void finish();

 private:
  std::filesystem::path part() const;

  std::filesystem::path target_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace normlab
