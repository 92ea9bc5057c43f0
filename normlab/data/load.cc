#include "normlab/data/load.h"

#include <algorithm>
#include <filesystem>

#include "normlab/base/error.h"
#include "normlab/data/glyphs.h"
#include "normlab/data/known_sets.h"
#include "normlab/data/layout.h"
#include "normlab/data/locate.h"
#include "normlab/data/read_files.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

/// "mnist" for every way to write a path to a folder of that name.
std::string folder_name(const fs::path& place) {
  const fs::path whole = fs::weakly_canonical(place);
  std::string name = whole.filename().string();
  return name.substr(0, name.find(".tar"));
}

/// The index of the first label >= `classes`, or the number of labels.
std::int64_t first_beyond(const ImageSet& images, std::int32_t classes) {
  const auto found =
      std::ranges::find_if(images.labels, [&](Label label) { return label >= classes; });
  return found - images.labels.begin();
}

void require_labels_below(const ImageSet& images, std::int32_t classes, const fs::path& file,
                          std::string_view reason) {
  const std::int64_t index = first_beyond(images, classes);
  if (index < images.size()) {
    fail("{}: label {} of record {} is out of range 0..{} ({})", file.string(),
         images.labels[static_cast<std::size_t>(index)], index, classes - 1, reason);
  }
}

std::int32_t label_count(const ImageSet& images) {
  return *std::ranges::max_element(images.labels) + 1;
}

void name_idx_classes(Dataset& data, const DatasetFiles& files) {
  if (const KnownSet* known = find_known_set(data.name)) {
    data.class_names = known->class_names;
    const auto classes = data.classes();
    require_labels_below(data.train, classes, files.train[1], known->title);
    require_labels_below(data.test, classes, files.test[1], known->title);
    return;
  }
  constexpr std::int32_t kDigits = 10;
  const std::int32_t in_train = label_count(data.train);
  const std::int32_t in_test = label_count(data.test);
  require_labels_below(data.train, std::max(kDigits, in_test), files.train[1],
                       "the test labels go no further");
  require_labels_below(data.test, std::max(kDigits, in_train), files.test[1],
                       "the training labels go no further");
  data.class_names = numbered_classes(std::max(in_train, in_test));
}

/// A known set keeps its class names in a folder of any name.
void name_classes_by_content(Dataset& data) {
  const auto known = std::ranges::find(known_sets(), data.sha256, &KnownSet::content_sha256);
  if (known != known_sets().end()) data.class_names = known->class_names;
}

}  // namespace

Dataset load_dataset(const std::string& name_or_path) {
  if (name_or_path == kGlyphs) return glyphs();
  const fs::path place = locate_dataset(name_or_path);
  const DatasetFiles files = find_dataset_files(place);
  Dataset data = read_dataset_files(files);
  data.name = folder_name(place);
  if (files.format == DatasetFormat::idx) name_idx_classes(data, files);
  data.sha256 = content_sha256(data);
  name_classes_by_content(data);
  return data;
}

}  // namespace normlab
