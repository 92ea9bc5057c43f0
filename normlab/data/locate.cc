#include "normlab/data/locate.h"

#include <cstdlib>

#include <fmt/ranges.h>

#include "normlab/base/error.h"
#include "normlab/base/suggest.h"
#include "normlab/data/known_sets.h"
#include "normlab/data/layout.h"

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

/// Below the folders that are searched: NAME itself, and where others put the set of that name.
std::vector<std::string> names_to_look_for(const std::string& name) {
  std::vector<std::string> names{name};
  if (const KnownSet* set = find_known_set(name)) {
    names.insert(names.end(), set->other_places.begin(), set->other_places.end());
  }
  return names;
}

struct Look {
  enum class Outcome { absent, nothing, problem, found } outcome = Outcome::absent;
  std::string problem = {};
};

Look look_at(const fs::path& place) {
  std::error_code failure;
  const fs::file_status status = fs::status(place, failure);
  if (status.type() == fs::file_type::not_found) return {};
  if (failure) {
    return {Look::Outcome::problem,
            fmt::format("{} cannot be read: {}", place.string(), failure.message())};
  }
  try {
    Recognition seen = recognise(place);
    if (seen.files) return {Look::Outcome::found};
    if (!seen.problem.empty()) return {Look::Outcome::problem, std::move(seen.problem)};
  } catch (const RequestError& error) {
    return {Look::Outcome::problem, error.what()};
  }
  return {Look::Outcome::nothing};
}

/// "\n  /data/mnist: not there" for each place.
std::string looked_at(const std::string& name) {
  std::string text;
  for (const fs::path& place : dataset_places(name)) {
    const Look look = look_at(place);
    text += fmt::format("\n  {}{}", fs::absolute(place).lexically_normal().string(),
                        look.outcome == Look::Outcome::nothing ? ": no data set in it" : "");
  }
  return text;
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
  if (is_path(name_or_path)) return {name_or_path};
  std::vector<fs::path> folders{""};
  if (const std::string data = environment("NORMLAB_DATA"); !data.empty()) folders.push_back(data);
  if (const fs::path cache = cache_or_nothing(); !cache.empty()) folders.push_back(cache);
  std::vector<fs::path> places;
  for (const fs::path& folder : folders) {
    for (const std::string& name : names_to_look_for(name_or_path)) places.push_back(folder / name);
  }
  return places;
}

std::optional<Location> find_dataset(const std::string& name_or_path) {
  if (name_or_path.empty()) return std::nullopt;
  std::optional<Location> partly;
  for (const fs::path& place : dataset_places(name_or_path)) {
    Look look = look_at(place);
    if (look.outcome == Look::Outcome::found) {
      Location found{place, "", {}};
      if (partly) {
        found.warnings.push_back(fmt::format("{} is taken, as the place before it cannot be: {}",
                                             place.string(), partly->problem));
      }
      return found;
    }
    if (look.outcome == Look::Outcome::problem && !partly) {
      partly = Location{place, std::move(look.problem), {}};
    }
  }
  return partly;
}

Location locate_dataset(const std::string& name_or_path) {
  if (name_or_path.empty()) fail("unknown data ''; known are {}", fmt::join(dataset_names(), ", "));
  if (name_or_path.find("://") != std::string::npos) {
    fail(
        "data '{}' is a URL; data is read from files: download it first, and give its file or "
        "folder. Of the known sets, `normlab data fetch NAME` does that",
        name_or_path);
  }
  if (auto found = find_dataset(name_or_path)) {
    if (found->problem.empty()) return *std::move(found);
    if (is_path(name_or_path)) fail("{}", found->problem);  // which has the path in it
    fail("data '{}': {}", name_or_path, found->problem);
  }
  if (is_path(name_or_path)) {
    std::error_code ignored;
    if (fs::exists(name_or_path, ignored)) find_dataset_files(name_or_path);  // says what is wrong
    fail("data '{}': no such file or folder", name_or_path);
  }
  if (find_known_set(name_or_path)) {
    fail("data '{}' is not here; `normlab data fetch {}` downloads it. Looked at:{}", name_or_path,
         name_or_path, looked_at(name_or_path));
  }
  fail("unknown data '{}'{}\nKnown are {}; a folder or file may be given too. Looked at:{}",
       name_or_path, suggestion(name_or_path, dataset_names()), fmt::join(dataset_names(), ", "),
       looked_at(name_or_path));
}

}  // namespace normlab
