#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "normlab/base/error.h"
#include "normlab/data/csv.h"
#include "normlab/data/limits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const normlab::CsvTable table =
        normlab::parse_csv(std::as_bytes(std::span(data, size)), "fuzz");
    if (table.labels.empty() || table.images.size() != std::ssize(table.labels)) std::abort();
    if (*std::ranges::max_element(table.labels) >= normlab::kMaxClasses) std::abort();
  } catch (const normlab::RequestError&) {
    return 0;  // refused, as damaged files should be
  }
  return 0;
}
