#include "normlab/base/memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

#include <unistd.h>

namespace normlab {
namespace {

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

/// The number in a file of control group version 2; absent for "max", or where there is none.
std::optional<std::int64_t> read_number(const char* file) {
  std::int64_t number = 0;
  return std::ifstream(file) >> number ? std::optional(number) : std::nullopt;
}

std::int64_t group_limit() {
  return read_number("/sys/fs/cgroup/memory.max").value_or(kNoLimit);
}

std::optional<std::int64_t> system_available() {
  std::ifstream info("/proc/meminfo");
  std::string key, unit;
  for (std::int64_t kibibytes = 0; info >> key >> kibibytes; std::getline(info, unit)) {
    if (key == "MemAvailable:") return kibibytes * 1024;
  }
  return std::nullopt;
}

}  // namespace

std::int64_t total_memory() {
  return std::min(group_limit(), std::int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE));
}

std::int64_t available_memory() {
  const std::int64_t system = system_available().value_or(total_memory());
  const std::int64_t limit = group_limit();
  if (limit == kNoLimit) return system;
  const std::int64_t used = read_number("/sys/fs/cgroup/memory.current").value_or(0);
  return std::clamp<std::int64_t>(limit - used, 0, system);
}

}  // namespace normlab
