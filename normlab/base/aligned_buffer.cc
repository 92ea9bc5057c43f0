#include "normlab/base/aligned_buffer.h"

#include <algorithm>
#include <cstring>
#include <new>

#include <sys/mman.h>

namespace normlab {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
/// Smaller blocks would waste most of a page. Larger ones gain even where the translation of
/// addresses is no burden: small pages from anywhere in memory crowd some sets of the second-level
/// cache in one process and others in the next.
constexpr std::size_t kHugeFrom = kHugePage / 2;

std::size_t unit_for(std::size_t bytes) {
  return bytes >= kHugeFrom ? kHugePage : kAlignment;
}

std::size_t round_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

void* allocate_aligned(std::size_t bytes) {
  const std::size_t unit = unit_for(bytes);
  const std::size_t size = round_up(std::max<std::size_t>(bytes, 1), unit);
  void* memory = ::operator new(size, std::align_val_t(unit));
#if defined(MADV_HUGEPAGE)
  // A wish: without it everything works, only slower.
  if (unit == kHugePage) madvise(memory, size, MADV_HUGEPAGE);
#endif
  std::memset(memory, 0, size);
  return memory;
}

void free_aligned(void* memory, std::size_t bytes) noexcept {
  ::operator delete(memory, std::align_val_t(unit_for(bytes)));
}

}  // namespace normlab
