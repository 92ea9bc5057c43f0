#include "normlab/store/trial_claim.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

/// True when the locked file still has its name: another process may have removed it between our
/// open and our lock.
bool is_linked(int descriptor, const std::filesystem::path& file) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(file.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino;
}

}  // namespace

std::optional<TrialClaim> TrialClaim::take(const std::filesystem::path& folder,
                                           const std::string& trial) {
  const std::filesystem::path file = folder / (trial + ".lock");
  while (true) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0)
      fail<Error>("{}: {}", file.string(), std::generic_category().message(errno));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      ::close(descriptor);
      return std::nullopt;
    }
    if (is_linked(descriptor, file)) return TrialClaim(descriptor, file);
    ::close(descriptor);
  }
}

TrialClaim::TrialClaim(int descriptor, std::filesystem::path file)
    : descriptor_(descriptor), file_(std::move(file)) {}

TrialClaim::TrialClaim(TrialClaim&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), file_(std::move(other.file_)) {}

TrialClaim& TrialClaim::operator=(TrialClaim&& other) noexcept {
  if (this != &other) {
    release();
    descriptor_ = std::exchange(other.descriptor_, -1);
    file_ = std::move(other.file_);
  }
  return *this;
}

TrialClaim::~TrialClaim() {
  release();
}

void TrialClaim::release() {
  if (descriptor_ < 0) return;
  ::unlink(file_.c_str());  // while the lock is still held
  ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace normlab
