#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "normlab/base/error.h"
#include "normlab/data/limits.h"
#include "normlab/data/npy.h"

namespace {

using Bytes = std::span<const std::byte>;

void check(bool promise) {
  if (!promise) std::abort();
}

void read_images(Bytes bytes) {
  const normlab::ImageArray images = normlab::parse_npy_images(bytes, "fuzz");
  check(images.size() > 0 && images.pixels.size() < bytes.size());
  check(images.pixels.size() % static_cast<std::size_t>(images.size()) == 0);
}

void read_labels(Bytes bytes) {
  const auto labels = normlab::parse_npy_labels(bytes, "fuzz");
  check(!labels.empty() && labels.size() < bytes.size());
  check(*std::ranges::max_element(labels) < normlab::kMaxClasses);
}

void read_size(Bytes bytes) {
  check(normlab::npy_file_size(bytes, "fuzz") <= 2 * normlab::kMaxFileBytes);
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
