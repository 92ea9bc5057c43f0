#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "normlab/data/known_sets.h"
#include "normlab/fetch/http_download.h"

namespace normlab {

struct FetchProgress {
  std::string file;
  std::uint64_t received = 0;
  std::uint64_t expected = 0;
};

struct FetchOptions {
  std::filesystem::path folder;      ///< made when it is not there
  std::vector<std::string> mirrors;  ///< URLs of folders, tried in order
  HttpLimits limits;
  std::function<void(const FetchProgress&)> progress = {};
};

struct FetchSummary {
  std::size_t downloaded = 0;
  std::size_t kept = 0;  ///< were there already, with the right content
};

/// Brings every file into the folder, each from the first mirror that has it with the right size
/// and SHA-256. A broken download goes on where it stopped, on the same mirror or the next, in this
/// call or a later one. Only complete, verified files get their names. Throws Error that lists what
/// each mirror answered.
FetchSummary fetch_files(std::span<const KnownFile> files, const FetchOptions& options);

}  // namespace normlab
