#include "normlab/data/load.h"

#include <fmt/format.h>

#include "normlab/data/glyphs.h"
#include "normlab/data/identity.h"
#include "normlab/data/known_sets.h"
#include "normlab/data/layout.h"
#include "normlab/data/locate.h"
#include "normlab/data/read_files.h"

namespace normlab {

Dataset load_dataset(const std::string& name_or_path) {
  if (name_or_path == kGlyphs) return glyphs();
  const Location location = locate_dataset(name_or_path);
  const DatasetFiles files = find_dataset_files(location.place);
  Dataset data = read_dataset_files(files);
  data.found = fmt::format("{}, in {}", describe(files.format), location.place.string());
  data.warnings = location.warnings;
  data.warnings.insert(data.warnings.end(), files.warnings.begin(), files.warnings.end());
  data.sha256 = content_sha256(data);
  identify(data, files, location.place);
  return data;
}

}  // namespace normlab
