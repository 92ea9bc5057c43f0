#include "normlab/fetch/fetch_set.h"

#include <algorithm>
#include <optional>

#include <fmt/ranges.h>

#include "normlab/base/error.h"
#include "normlab/base/suggest.h"
#include "normlab/data/layout.h"
#include "normlab/data/locate.h"
#include "normlab/data/verify.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

bool is_download(const KnownSet& set, const fs::path& file) {
  return std::ranges::find(set.downloads, file.filename().string(), &KnownFile::name) !=
         set.downloads.end();
}

/// The number of files when all are as published; nothing when some must be downloaded (again).
std::optional<std::size_t> intact_files(const KnownSet& set, const fs::path& place) {
  if (!recognise(place).files) return std::nullopt;
  const std::vector<FileCheck> checks = verify_dataset(place);
  bool intact = true;
  for (const FileCheck& check : checks) {
    if (check.status == FileStatus::ok) continue;
    if (!is_download(set, check.file)) {
      fail("{}: damaged or not of {}; remove it, then fetch again", check.file.string(), set.name);
    }
    intact = false;
  }
  return intact ? std::optional(checks.size()) : std::nullopt;
}

/// Where the set is, or a part of it that is to be completed; else in the cache.
fs::path place_of(const KnownSet& set) {
  const auto found = find_dataset(set.name);
  if (found && found->problem.empty()) return found->place;
  std::error_code ignored;
  const bool begun =
      found && found->place.filename() == set.name && fs::is_directory(found->place, ignored);
  return begun ? found->place : data_cache() / set.name;
}

}  // namespace

const KnownSet& fetchable_set(const std::string& name) {
  if (const KnownSet* set = find_known_set(name)) return *set;
  if (name == kGlyphs) fail("glyphs are drawn by the program itself; there is nothing to fetch");
  std::vector<std::string> names;
  for (const KnownSet& set : known_sets()) names.push_back(set.name);
  fail("no data set '{}' to fetch{}\nKnown are {}", name, suggestion(name, names),
       fmt::join(names, ", "));
}

SetFetch fetch_set(const KnownSet& set, FetchOptions options) {
  if (options.folder.empty()) {
    options.folder = place_of(set);
  }
  if (options.mirrors.empty()) options.mirrors = set.mirrors;
  if (const auto intact = intact_files(set, options.folder)) {
    return {options.folder, {.downloaded = 0, .kept = *intact}};
  }
  return {options.folder, fetch_files(set.downloads, options)};
}

}  // namespace normlab
