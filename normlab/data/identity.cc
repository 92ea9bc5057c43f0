#include "normlab/data/identity.h"

#include <algorithm>

#include "normlab/base/error.h"
#include "normlab/data/archive.h"
#include "normlab/data/known_sets.h"
#include "normlab/data/limits.h"
#include "normlab/data/verify.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxClassFileBytes = 1 << 20;

/// Null for data that is not known. A set whose content hash was never computed is known by the
/// published hashes of its files.
const KnownSet* known_by_content(const Dataset& data, const DatasetFiles& files) {
  const auto sets = known_sets();
  const auto found = std::ranges::find(sets, data.sha256, &KnownSet::content_sha256);
  if (found != sets.end()) return &*found;
  for (const KnownSet& set : sets) {
    if (set.content_sha256.empty() && is_published(set, files)) return &set;
  }
  return nullptr;
}

/// Where the labels of a part were read.
std::string label_source(const std::vector<fs::path>& part, const DatasetFiles& files) {
  if (part.empty()) return files.train.front().string();
  return part.back().string();
}

void require_labels_below(const ImageSet& images, std::int32_t classes, const std::string& source,
                          std::string_view reason) {
  const auto found = std::ranges::find_if(
      images.labels, [&](Label label) { return static_cast<std::int32_t>(label) >= classes; });
  if (found == images.labels.end()) return;
  fail("{}: label {} of record {} is out of range 0..{} ({})", source, *found,
       found - images.labels.begin(), classes - 1, reason);
}

void require_labels_of_classes(const Dataset& data, const DatasetFiles& files,
                               std::string_view reason) {
  require_labels_below(data.train, data.classes(), label_source(files.train, files), reason);
  require_labels_below(data.test, data.classes(), label_source(files.test, files), reason);
}

std::vector<std::string> read_class_names(const fs::path& file) {
  const Bytes bytes = read_decoded(file, [](auto) { return kMaxClassFileBytes; });
  std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::vector<std::string> names;
  while (!rest.empty()) {
    const std::size_t length = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, length);
    rest.remove_prefix(std::min(length + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) {
      fail("{}: line {} is empty; each line is the name of a class, that of label 0 first",
           file.string(), names.size() + 1);
    }
    if (std::ranges::find(names, line) != names.end()) {
      fail("{}: line {} names the class '{}' again", file.string(), names.size() + 1, line);
    }
    names.emplace_back(line);
  }
  if (names.empty() || names.size() > static_cast<std::size_t>(kMaxClasses)) {
    fail("{}: names {} classes; 1 to {} are read", file.string(), names.size(), kMaxClasses);
  }
  return names;
}

std::int32_t label_count(const ImageSet& images) {
  return *std::ranges::max_element(images.labels) + 1;
}

void number_classes(Dataset& data, const DatasetFiles& files) {
  constexpr std::int32_t kDigits = 10;
  const std::int32_t in_train = label_count(data.train);
  const std::int32_t in_test = label_count(data.test);
  require_labels_below(
      data.train, std::max(kDigits, in_test), label_source(files.train, files),
      "the test labels go no further; a file classes.txt tells how many there are");
  require_labels_below(
      data.test, std::max(kDigits, in_train), label_source(files.test, files),
      "the training labels go no further; a file classes.txt tells how many there are");
  data.class_names = numbered_classes(std::max(in_train, in_test));
}

/// Of a set whose name the data has without being it, if it may be a part of it.
bool has_labels_of(const Dataset& data, const KnownSet& set) {
  return std::max(label_count(data.train), label_count(data.test)) <= std::ssize(set.class_names);
}

void name_classes(Dataset& data, const DatasetFiles& files, const KnownSet* known,
                  const KnownSet* named) {
  if (!files.class_file.empty()) {
    data.class_names = read_class_names(files.class_file);
    require_labels_of_classes(data, files, files.class_file.string());
  } else if (known) {
    data.class_names = known->class_names;
  } else if (data.class_names.empty() && named && has_labels_of(data, *named)) {
    data.class_names = named->class_names;
  } else if (data.class_names.empty()) {
    number_classes(data, files);
  }
}

}  // namespace

void identify(Dataset& data, const DatasetFiles& files, const fs::path& place) {
  data.name = dataset_name(files, place);
  const KnownSet* named = find_known_set(data.name);
  const KnownSet* known = known_by_content(data, files);
  name_classes(data, files, known, named);
  if (known && named && known != named) {
    data.warnings.push_back(fmt::format("{} holds {} ({}), not {}", place.string(), known->name,
                                        known->title, data.name));
  }
  if (known) {
    data.name = known->name;
  } else if (named) {
    data.warnings.push_back(
        fmt::format("{} is not {} as it was published ({}): its content has another SHA-256",
                    place.string(), named->name, named->title));
    data.name += " (not as published)";
  }
}

}  // namespace normlab
