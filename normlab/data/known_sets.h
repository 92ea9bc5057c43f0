#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace normlab {

struct KnownFile {
  std::string name;
  std::uint64_t bytes = 0;
  std::string sha256;
};

/// A published data set: what is in it, and where it can be had.
struct KnownSet {
  std::string name;   ///< as on the command line
  std::string title;  ///< "MNIST: handwritten digits"
  std::string
      content_sha256;  ///< Dataset::sha256; empty where it was never computed from the files
  std::vector<std::string> class_names;
  std::vector<KnownFile> contents;   ///< the data files, decoded; names without .gz or .xz
  std::vector<KnownFile> downloads;  ///< the files as the mirrors hold them
  std::vector<std::string> mirrors;  ///< URLs ending in '/', the first is tried first
  std::vector<std::string> other_places = {};  ///< where others keep it in their folder of data
};

/// mnist, fashion-mnist, cifar10, cifar100.
std::span<const KnownSet> known_sets();
/// Null when there is none of that name.
const KnownSet* find_known_set(std::string_view name);
/// Every name that can be given without a folder: glyphs and the known sets.
std::vector<std::string> dataset_names();

inline constexpr std::string_view kGlyphs = "glyphs";

/// "0", "1", ...: names for classes that have no other.
std::vector<std::string> numbered_classes(std::int32_t count);

}  // namespace normlab
