#include "normlab/data/dataset.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "normlab/base/hash.h"

namespace normlab {
namespace {

std::vector<std::byte> label_bytes(const std::vector<Label>& labels, bool wide) {
  std::vector<std::byte> bytes;
  bytes.reserve(labels.size() * (wide ? 2 : 1));
  for (const Label label : labels) {
    bytes.push_back(static_cast<std::byte>(label & 0xff));
    if (wide) bytes.push_back(static_cast<std::byte>(label >> 8));
  }
  return bytes;
}

bool has_wide_label(const ImageSet& images) {
  return std::ranges::any_of(images.labels, [](Label label) { return label > 0xff; });
}

}  // namespace

std::string content_sha256(const Dataset& data) {
  const bool wide = has_wide_label(data.train) || has_wide_label(data.test);
  Sha256 hasher;
  for (const ImageSet* part : {&data.train, &data.test}) {
    hasher.update(std::as_bytes(std::span(part->pixels)));
    hasher.update(label_bytes(part->labels, wide));
  }
  return hasher.hex();
}

}  // namespace normlab
