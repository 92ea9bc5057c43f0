#include "normlab/data/folder.h"

#include <algorithm>
#include <system_error>

#include "normlab/base/error.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

}  // namespace

bool Folder::has_file(const std::string& name) const {
  return std::ranges::binary_search(files, name);
}

std::optional<fs::path> Folder::find(const std::string& stem) const {
  for (const char* suffix : {"", ".gz", ".xz"}) {
    if (has_file(stem + suffix)) return path / (stem + suffix);
  }
  return std::nullopt;
}

Folder list_folder(const fs::path& path) {
  Folder folder{path, {}, {}};
  std::error_code failure;
  if (!fs::is_directory(path, failure)) return folder;
  fs::directory_iterator entries(path, failure);
  if (failure) fail("{}: cannot be listed: {}", path.string(), failure.message());
  for (; entries != fs::directory_iterator(); entries.increment(failure)) {
    const std::string name = entries->path().filename().string();
    std::error_code ignored;
    if (name.starts_with('.')) continue;
    if (entries->is_directory(ignored)) folder.folders.push_back(name);
    if (entries->is_regular_file(ignored)) folder.files.push_back(name);
  }
  if (failure) fail("{}: cannot be listed: {}", path.string(), failure.message());
  std::ranges::sort(folder.files);
  std::ranges::sort(folder.folders);
  return folder;
}

std::string_view without_compression(std::string_view name) {
  for (const std::string_view suffix : {".gz", ".xz"}) {
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  }
  return name;
}

}  // namespace normlab
