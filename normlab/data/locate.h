#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace normlab {

/// The folder of downloaded and generated data: $XDG_CACHE_HOME/normlab or ~/.cache/normlab. Throws
/// RequestError when the environment has neither XDG_CACHE_HOME nor HOME.
std::filesystem::path data_cache();

/// Where a data set is looked for, in this order: the path itself, $NORMLAB_DATA/NAME, the cache's
/// NAME. A name with a slash is a path and nothing else.
std::vector<std::filesystem::path> dataset_places(const std::string& name_or_path);

/// The first of the places that exists. For a set that can be fetched, an empty folder or one with
/// a broken download is passed over.
std::optional<std::filesystem::path> find_dataset(const std::string& name_or_path);

/// The same, but throws RequestError that names every place and what to do.
std::filesystem::path locate_dataset(const std::string& name_or_path);

}  // namespace normlab
