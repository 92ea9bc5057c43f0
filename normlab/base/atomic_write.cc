#include "normlab/base/atomic_write.h"

#include <atomic>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

void require(bool ok) {
  if (!ok) throw std::system_error(errno, std::generic_category());
}

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      : value_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    require(value_ >= 0);
  }
  ~Descriptor() { ::close(value_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void write(std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(value_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      require(written >= 0);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  void flush() const { require(::fsync(value_) == 0); }

 private:
  int value_;
};

/// A name in the folder of `path` that no other thread or process uses.
std::filesystem::path temporary_beside(const std::filesystem::path& path) {
  static std::atomic<unsigned> count = 0;
  std::filesystem::path temporary = path;
  temporary += fmt::format(".{}-{}.tmp", ::getpid(), count++);
  return temporary;
}

void write_and_rename(const std::filesystem::path& path, const std::filesystem::path& temporary,
                      std::span<const std::byte> bytes, Durability durability) {
  {
    const Descriptor file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    file.write(bytes);
    if (durability == Durability::across_power_loss) file.flush();
  }
  std::filesystem::rename(temporary, path);
  if (durability != Durability::across_power_loss) return;
  // The rename itself is on the disk only when the folder is.
  Descriptor(path.has_parent_path() ? path.parent_path() : ".", O_RDONLY | O_DIRECTORY).flush();
}

}  // namespace

void write_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes,
                      Durability durability) {
  const std::filesystem::path temporary = temporary_beside(path);
  try {
    write_and_rename(path, temporary, bytes, durability);
  } catch (const std::system_error& error) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    fail<Error>("{}: cannot be written: {}", path.string(), error.code().message());
  }
}

}  // namespace normlab
