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
/// NAME; of a known set, in each of the three also where torchvision and Keras put it (MNIST/raw,
/// mnist.npz). A name with a slash is a path and nothing else.
std::vector<std::filesystem::path> dataset_places(const std::string& name_or_path);

/// A place that was found.
struct Location {
  std::filesystem::path place;
  std::string problem;                ///< why the data set cannot be read; empty when it can
  std::vector<std::string> warnings;  ///< what was passed over on the way to it
};

/// The first of the places that holds a data set (layout.h); else the first that holds a part of
/// one or one that is not read, with the problem. A file or folder with nothing that looks like
/// data hides no other place.
std::optional<Location> find_dataset(const std::string& name_or_path);

/// The same, but throws RequestError when there is none or only a problem, with every place, what
/// is there, and what to do.
Location locate_dataset(const std::string& name_or_path);

}  // namespace normlab
