#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "normlab/base/error.h"
#include "normlab/data/idx.h"
#include "normlab/data/limits.h"

namespace {

using Bytes = std::span<const std::byte>;

void check(bool promise) {
  if (!promise) std::abort();
}

void read_images(Bytes bytes) {
  const normlab::ImageArray images = normlab::parse_idx_images(bytes, "fuzz");
  check(images.size() > 0);
  check(images.pixels.size() + normlab::kIdxHeaderBytes == bytes.size());
}

void read_labels(Bytes bytes) {
  const auto labels = normlab::parse_idx_labels(bytes, "fuzz");
  check(!labels.empty() && 8 + labels.size() <= bytes.size());
  check(*std::ranges::max_element(labels) < normlab::kMaxClasses);
}

void read_size(Bytes bytes) {
  check(normlab::idx_file_size(bytes.first(std::min(bytes.size(), normlab::kIdxHeaderBytes)),
                               "fuzz") > 8);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto read : {read_images, read_labels, read_size}) {
    try {
      read(std::as_bytes(std::span(data, size)));
    } catch (const normlab::RequestError&) {
      continue;  // refused, as damaged files should be
    }
  }
  return 0;
}
