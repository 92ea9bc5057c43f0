#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>

namespace normlab {

/// One cache line, and the widest vector register we use.
inline constexpr std::size_t kAlignment = 64;

/// `count` rounded up so that the next array of `T` starts on a cache line again.
template <class T>
constexpr std::size_t padded_count(std::size_t count) {
  constexpr std::size_t per_line = kAlignment / sizeof(T);
  return (count + per_line - 1) / per_line * per_line;
}

/// Zeroed memory, to be freed with the same number of bytes. It starts on a cache line; large
/// blocks lie on huge pages where the system has them, which spares most of the page-table walks
/// when they are gone over.
void* allocate_aligned(std::size_t bytes);
void free_aligned(void* memory, std::size_t bytes) noexcept;

/// The same memory for standard containers.
template <class T>
struct AlignedAllocator {
  using value_type = T;

  AlignedAllocator() = default;
  template <class Other>
  AlignedAllocator(const AlignedAllocator<Other>&) {}

  T* allocate(std::size_t count) { return static_cast<T*>(allocate_aligned(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t count) { free_aligned(memory, count * sizeof(T)); }
  friend bool operator==(const AlignedAllocator&, const AlignedAllocator&) { return true; }
};

/// A zeroed, cache-line aligned array of fixed size. Movable, not copyable.
template <class T>
requires std::is_trivially_copyable_v<T>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t size)
      : data_(static_cast<T*>(allocate_aligned(size * sizeof(T))), Free{size * sizeof(T)}),
        size_(size) {}

  T* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  std::span<T> span() const { return {data(), size()}; }

 private:
  struct Free {
    std::size_t bytes = 0;
    void operator()(T* pointer) const { free_aligned(pointer, bytes); }
  };
  std::unique_ptr<T, Free> data_;
  std::size_t size_ = 0;
};

}  // namespace normlab
