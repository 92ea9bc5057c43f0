#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sanitizer/asan_interface.h>

#include "normlab/base/aligned_buffer.h"
#include "normlab/base/matrix.h"
#include "normlab/base/philox.h"
#include "normlab/kernels/isa.h"

/// What the tests of all kernels share.
namespace normlab::kernels {

/// A fixture whose tests run once per supported instruction set, and fail if they ran on another:
///   class FooTest : public KernelTest {};
///   TEST_P(FooTest, ...) {...}
///   INSTANTIATE_TEST_SUITE_P(Isas, FooTest, every_isa(), isa_name);
class KernelTest : public testing::TestWithParam<Isa> {
 protected:
  void SetUp() override {
    select_isa(to_string(GetParam()));
    ASSERT_EQ(current_isa(), GetParam());
  }
  void TearDown() override {
    EXPECT_EQ(current_isa(), GetParam()) << "this test ran on another instruction set";
    select_isa("");
  }
};

inline auto every_isa() {
  return testing::ValuesIn(supported_isas().begin(), supported_isas().end());
}

inline std::string isa_name(const testing::TestParamInfo<Isa>& info) {
  return std::string(to_string(info.param));
}

/// The command that repeats the test that is running, followed by the case it stands at.
inline std::string reproduction(const std::string& test_case) {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  return fmt::format("normlab_kernels_test --gtest_filter={}.{}  # {}", info->test_suite_name(),
                     info->name(), test_case);
}

/// |actual - expected| <= absolute + relative * |expected|, and why not less.
struct Tolerance {
  double absolute = 0;
  double relative = 0;
  const char* reason = "";
};

/// Fails at the first value that is farther off than allowed, or is NaN.
template <class T>
void expect_close(std::span<const T> actual, std::span<const double> expected,
                  const Tolerance& tolerance, const std::string& test_case) {
  ASSERT_EQ(actual.size(), expected.size()) << reproduction(test_case);
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double difference = std::abs(static_cast<double>(actual[i]) - expected[i]);
    const double allowed = tolerance.absolute + tolerance.relative * std::abs(expected[i]);
    if (!(difference <= allowed)) {
      ADD_FAILURE() << fmt::format("[{}] is {}, expected {}; off by {}, allowed {} ({})\n  {}", i,
                                   actual[i], expected[i], difference, allowed, tolerance.reason,
                                   reproduction(test_case));
      return;
    }
  }
}

/// Memory for a kernel's array that shows when the kernel strays: before it, behind it and between
/// its rows stand NaNs of a pattern no computation gives. They spoil what reads them,
/// `expect_intact` finds them overwritten, and under AddressSanitizer the ones behind may not even
/// be read.
template <class T>
class Guarded {
 public:
  /// `misalignment`: elements by which the start misses a cache line.
  Guarded(std::int64_t rows, std::int64_t channels, std::int64_t stride = 0,
          std::int64_t misalignment = 0)
      : buffer_(static_cast<std::size_t>(misalignment + rows * std::max(stride, channels)) +
                2 * kGuard) {
    std::fill_n(buffer_.data(), buffer_.size(), poison());
    matrix_ = {buffer_.data() + kGuard + misalignment, rows, channels, std::max(stride, channels)};
    for (std::int64_t r = 0; r < rows; ++r) std::fill_n(matrix_.row(r), channels, T{});
    ASAN_POISON_MEMORY_REGION(end(), behind());
  }
  /// Holds `all`, given row after row.
  Guarded(std::int64_t rows, std::int64_t channels, std::int64_t stride, std::int64_t misalignment,
          std::span<const T> all)
      : Guarded(rows, channels, stride, misalignment) {
    assign(all);
  }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  ~Guarded() { ASAN_UNPOISON_MEMORY_REGION(end(), behind()); }

  BasicMatrix<T> matrix() const { return matrix_; }
  T* data() const { return matrix_.data; }
  /// The first row.
  std::span<T> span() const { return {data(), static_cast<std::size_t>(matrix_.channels)}; }

  /// All values, row after row, without what stands between rows.
  std::vector<T> values() const {
    std::vector<T> all;
    for (std::int64_t r = 0; r < matrix_.rows; ++r) {
      all.insert(all.end(), matrix_.row(r), matrix_.row(r) + matrix_.channels);
    }
    return all;
  }
  /// Overwrites all values, row after row.
  void assign(std::span<const T> all) {
    ASSERT_EQ(std::ssize(all), matrix_.rows * matrix_.channels);
    for (std::int64_t r = 0; r < matrix_.rows; ++r) {
      std::copy_n(all.data() + r * matrix_.channels, matrix_.channels, matrix_.row(r));
    }
  }

  void expect_intact(const std::string& test_case) const {
    ASAN_UNPOISON_MEMORY_REGION(end(), behind());
    for (T* p = buffer_.data(); p != buffer_.data() + buffer_.size(); ++p) {
      if (is_value(p - matrix_.data) || bits(*p) == bits(poison())) continue;
      ADD_FAILURE() << "written outside the array, at element " << p - matrix_.data << "\n  "
                    << reproduction(test_case);
      break;
    }
    ASAN_POISON_MEMORY_REGION(end(), behind());
  }

 private:
  /// Four of the widest vectors, and keeps the start aligned.
  static constexpr std::size_t kGuard = 64;

  static auto bits(T value) {
    if constexpr (sizeof(T) == 8) return std::bit_cast<std::uint64_t>(value);
    if constexpr (sizeof(T) == 4) return std::bit_cast<std::uint32_t>(value);
    if constexpr (sizeof(T) == 2) return std::bit_cast<std::uint16_t>(value);
    if constexpr (sizeof(T) == 1) return std::bit_cast<std::uint8_t>(value);
  }
  static T poison() {
    if constexpr (sizeof(T) == 8) return std::bit_cast<T>(std::uint64_t{0x7FF8DEADDEADDEAD});
    if constexpr (sizeof(T) == 4) return std::bit_cast<T>(std::uint32_t{0x7FC0DEAD});
    if constexpr (sizeof(T) == 2) return std::bit_cast<T>(std::uint16_t{0x7FDE});
    if constexpr (sizeof(T) == 1) return std::bit_cast<T>(std::uint8_t{0xDE});
  }
  bool is_value(std::int64_t offset) const {
    return offset >= 0 && offset < matrix_.rows * matrix_.stride &&
           offset % matrix_.stride < matrix_.channels;
  }
  T* end() const {
    return matrix_.rows == 0 ? matrix_.data : matrix_.row(matrix_.rows - 1) + matrix_.channels;
  }
  std::size_t behind() const {
    return static_cast<std::size_t>(buffer_.data() + buffer_.size() - end()) * sizeof(T);
  }

  AlignedBuffer<T> buffer_;
  BasicMatrix<T> matrix_;
};

/// `count` draws from a normal distribution, the same on every machine for the same `seed`.
inline std::vector<float> normal_values(std::int64_t count, std::uint64_t seed, double mean = 0,
                                        double sd = 1) {
  Philox random(seed, Purpose::test, 0);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) value = static_cast<float>(mean + sd * random.normal());
  return values;
}

inline std::vector<double> to_double(std::span<const float> values) {
  return {values.begin(), values.end()};
}

}  // namespace normlab::kernels
