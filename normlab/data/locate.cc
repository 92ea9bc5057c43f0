#include "normlab/data/locate.h"

#include <cstdlib>

#include <fmt/ranges.h>

#include "normlab/base/error.h"
#include "normlab/base/suggest.h"
#include "normlab/data/known_sets.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* variable) {
  const char* value = std::getenv(variable);
  return value ? value : "";
}

bool is_path(const std::string& name) {
  return name.find('/') != std::string::npos;
}

/// Empty when the environment names none.
fs::path cache_or_nothing() {
  const fs::path given = environment("XDG_CACHE_HOME");
  if (given.is_absolute())
    return given / "normlab";  // the XDG specification: ignore relative paths
  const std::string home = environment("HOME");
  return home.empty() ? fs::path() : fs::path(home) / ".cache" / "normlab";
}

/// Whether there is something in `place`; a broken download does not count.
bool holds_something(const fs::path& place) {
  std::error_code failure;
  if (!fs::is_directory(place, failure)) return fs::exists(place, failure);
  for (const fs::directory_entry& entry : fs::directory_iterator(place, failure)) {
    if (entry.path().extension() != ".part") return true;
  }
  return static_cast<bool>(failure);  // a folder that cannot be listed: say so when it is read
}

}  // namespace

fs::path data_cache() {
  fs::path cache = cache_or_nothing();
  if (cache.empty()) {
    fail("no folder for downloaded data: set HOME or XDG_CACHE_HOME, or name a folder");
  }
  return cache;
}

std::vector<fs::path> dataset_places(const std::string& name_or_path) {
  std::vector<fs::path> places{name_or_path};
  if (is_path(name_or_path)) return places;
  if (const std::string data = environment("NORMLAB_DATA"); !data.empty()) {
    places.push_back(fs::path(data) / name_or_path);
  }
  if (const fs::path cache = cache_or_nothing(); !cache.empty()) {
    places.push_back(cache / name_or_path);
  }
  return places;
}

std::optional<fs::path> find_dataset(const std::string& name_or_path) {
  if (name_or_path.empty()) return std::nullopt;
  const bool fetchable = find_known_set(name_or_path) != nullptr;
  for (const fs::path& place : dataset_places(name_or_path)) {
    std::error_code unreadable;
    if (fetchable ? holds_something(place) : fs::exists(place, unreadable)) return place;
  }
  return std::nullopt;
}

fs::path locate_dataset(const std::string& name_or_path) {
  if (auto place = find_dataset(name_or_path)) return *std::move(place);
  if (name_or_path.empty()) fail("unknown data ''; known are {}", fmt::join(dataset_names(), ", "));
  if (is_path(name_or_path)) fail("data '{}': no such file or folder", name_or_path);
  std::string looked_at;
  for (const fs::path& place : dataset_places(name_or_path)) {
    looked_at += fmt::format("\n  {}", fs::absolute(place).lexically_normal().string());
  }
  if (find_known_set(name_or_path)) {
    fail("data '{}' is not here; `normlab data fetch {}` downloads it. Looked at:{}", name_or_path,
         name_or_path, looked_at);
  }
  fail("unknown data '{}'{}\nKnown are {}; a folder may be given too. Looked at:{}", name_or_path,
       suggestion(name_or_path, dataset_names()), fmt::join(dataset_names(), ", "), looked_at);
}

}  // namespace normlab
