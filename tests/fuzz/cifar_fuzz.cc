#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "normlab/base/error.h"
#include "normlab/data/cifar.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  for (const normlab::CifarFormat& format : {normlab::kCifar10, normlab::kCifar100}) {
    try {
      const normlab::ImageSet images = normlab::parse_cifar(bytes, format, "fuzz");
      const auto count = static_cast<std::size_t>(images.size());
      if (count * format.record_bytes() != size) std::abort();
      if (count * 3072 != images.pixels.size()) std::abort();
      if (*std::ranges::max_element(images.labels) >= format.classes) std::abort();
    } catch (const normlab::RequestError&) {
      continue;  // refused, as damaged files should be
    }
  }
  return 0;
}
