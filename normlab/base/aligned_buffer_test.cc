#include "normlab/base/aligned_buffer.h"

#include <algorithm>
#include <cstdint>

#include <gtest/gtest.h>

namespace normlab {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

std::uintptr_t address(const AlignedBuffer<std::byte>& buffer) {
  return reinterpret_cast<std::uintptr_t>(buffer.data());
}

TEST(AlignedBuffer, BeginsAtACacheLineAndHoldsZeros) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{100}, kMebibyte, 3 * kMebibyte}) {
    const AlignedBuffer<std::byte> buffer(size);
    ASSERT_EQ(buffer.size(), size);
    EXPECT_EQ(address(buffer) % kAlignment, 0u) << size;
    EXPECT_TRUE(std::all_of(buffer.data(), buffer.data() + size, [](std::byte b) {
      return b == std::byte{0};
    })) << size;
  }
}

TEST(AlignedBuffer, BeginsAtAHugePageFromOneMebibyteOn) {
  for (const std::size_t size : {kMebibyte, 3 * kMebibyte}) {
    EXPECT_EQ(address(AlignedBuffer<std::byte>(size)) % (2 * kMebibyte), 0u) << size;
  }
}

}  // namespace
}  // namespace normlab
