#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "normlab/fetch/part_file.h"

namespace normlab {

struct HttpLimits {
  int connect_seconds = 15;
  int stall_seconds = 30;  ///< with fewer than 100 bytes a second
};

/// Downloads the rest of a file of `expected_bytes`: asks for what `part` does not hold yet and
/// starts it anew when the server sends the whole file instead. Follows redirections; http and
/// https only; proxies as the environment says. `progress` is called with the part's size as it
/// grows. Returns what went wrong, empty when the server sent all it wanted to. Never stores more
/// than `expected_bytes`. Throws Error when `part` cannot be written.
std::string http_download(const std::string& url, PartFile& part, std::uint64_t expected_bytes,
                          const HttpLimits& limits,
                          const std::function<void(std::uint64_t)>& progress);

}  // namespace normlab
