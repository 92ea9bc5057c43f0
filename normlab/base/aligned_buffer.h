#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
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

/// A zeroed, cache-line aligned array of fixed size. Movable, not copyable.
template <class T>
requires std::is_trivially_copyable_v<T>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t size)
      : data_(static_cast<T*>(::operator new(std::max<std::size_t>(size, 1) * sizeof(T),
                                             std::align_val_t(kAlignment)))),
        size_(size) {
    std::fill_n(data_.get(), size, T{});
  }

  T* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  std::span<T> span() const { return {data(), size()}; }

 private:
  struct Free {
    void operator()(T* pointer) const { ::operator delete(pointer, std::align_val_t(kAlignment)); }
  };
  std::unique_ptr<T, Free> data_;
  std::size_t size_ = 0;
};

}  // namespace normlab
