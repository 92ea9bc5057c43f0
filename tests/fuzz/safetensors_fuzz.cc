// Any bytes either are refused with RequestError or are a file that, written again, reads back the
// same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "normlab/base/error.h"
#include "normlab/nn/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const normlab::TensorFile file =
        normlab::parse_safetensors(std::as_bytes(std::span(data, size)), "input");
    const std::vector<std::byte> bytes = normlab::format_safetensors(file);
    const normlab::TensorFile again = normlab::parse_safetensors(bytes, "output");
    if (normlab::format_safetensors(again) != bytes) std::abort();
  } catch (const normlab::RequestError&) {
  }
  return 0;
}
