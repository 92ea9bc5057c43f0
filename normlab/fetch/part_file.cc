#include "normlab/fetch/part_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "normlab/base/error.h"
#include "normlab/base/hash.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

void require(bool ok, const fs::path& file, const char* action) {
  if (!ok) fail<Error>("{}: cannot be {}: {}", file.string(), action, std::strerror(errno));
}

/// Whether `file` is still what `descriptor` was opened for: a second program may have finished and
/// renamed it.
bool is_same_file(int descriptor, const fs::path& file) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(file.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  require(descriptor >= 0, folder, "opened");
  // Some file systems know no fsync of folders; the rename itself has succeeded.
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

PartFile::PartFile(fs::path target) : target_(std::move(target)) {
  descriptor_ = ::open(part().c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  require(descriptor_ >= 0, part(), "written");
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 || !is_same_file(descriptor_, part())) {
    ::close(descriptor_);
    fail<Error>("{}: another program is downloading this file", part().string());
  }
  size_ = static_cast<std::uint64_t>(::lseek(descriptor_, 0, SEEK_END));
}

PartFile::~PartFile() {
  if (size_ == 0 && is_same_file(descriptor_, part())) ::unlink(part().c_str());
  ::close(descriptor_);
}

fs::path PartFile::part() const {
  fs::path name = target_;
  return name += ".part";
}

void PartFile::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    require(written > 0, part(), "written");
    size_ += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void PartFile::restart() {
  require(::ftruncate(descriptor_, 0) == 0, part(), "emptied");
  size_ = 0;
}

std::string PartFile::sha256() const {
  return file_sha256_hex(part());
}

void PartFile::finish() {
  require(::fsync(descriptor_) == 0, part(), "saved");
  require(::rename(part().c_str(), target_.c_str()) == 0, target_, "put in place");
  sync_folder(fs::absolute(target_).parent_path());
}

}  // namespace normlab
