#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "normlab/base/error.h"
#include "normlab/data/picture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const normlab::ImageArray picture =
        normlab::decode_picture(std::as_bytes(std::span(data, size)), "fuzz");
    if (picture.size() != 1 || (picture.channels != 1 && picture.channels != 3)) std::abort();
  } catch (const normlab::RequestError&) {
    return 0;  // refused, as damaged files should be
  }
  return 0;
}
