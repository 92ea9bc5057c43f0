#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace normlab {

/// What is directly in a folder; names sorted, hidden ones left out.
struct Folder {
  std::filesystem::path path;
  std::vector<std::string> files;
  std::vector<std::string> folders;

  bool has_file(const std::string& name) const;
  /// The file of that name, or compressed: .gz or .xz behind it.
  std::optional<std::filesystem::path> find(const std::string& stem) const;
};

/// Empty for a path that is no folder. Throws RequestError when the folder cannot be listed.
Folder list_folder(const std::filesystem::path& path);

/// `name` without .gz or .xz.
std::string_view without_compression(std::string_view name);

}  // namespace normlab
