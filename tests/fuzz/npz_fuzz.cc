#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "normlab/base/error.h"
#include "normlab/data/npz.h"

namespace {

/// Bytes as a file in memory.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) {
    if (::write(descriptor_, data, size) != static_cast<ssize_t>(size)) std::abort();
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_ = ::memfd_create("fuzz", MFD_CLOEXEC);
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  try {
    const normlab::Dataset set = normlab::read_npz(file.path());
    if (set.train.size() == 0 || set.test.size() == 0) std::abort();
    if (static_cast<std::size_t>(set.image_size() * set.train.size()) != set.train.pixels.size())
      std::abort();
  } catch (const normlab::RequestError&) {
    return 0;  // refused, as damaged files should be
  }
  return 0;
}
