#include "normlab/data/dataset.h"

#include "normlab/base/hash.h"

namespace normlab {

std::string content_sha256(const Dataset& data) {
  Sha256 hasher;
  for (const ImageSet* part : {&data.train, &data.test}) {
    hasher.update(std::as_bytes(std::span(part->pixels)));
    hasher.update(std::as_bytes(std::span(part->labels)));
  }
  return hasher.hex();
}

}  // namespace normlab
