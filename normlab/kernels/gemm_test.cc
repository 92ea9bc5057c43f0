#include "normlab/kernels/gemm.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "normlab/base/error.h"
#include "normlab/kernels/kernel_test.h"
#include "normlab/kernels/reference/bf16.h"

namespace normlab::kernels {
namespace {

void assign(float& to, float value) {
  to = value;
}
void assign(Bf16& to, float value) {
  to = reference::to_bf16(value);
}
double read(float value) {
  return static_cast<double>(value);
}
double read(Bf16 value) {
  return reference::to_double(value);
}

/// One product and its oracle, over operands with gaps between their rows.
template <class T>
struct ProductTest {
  std::int64_t rows;
  std::int64_t depth;
  std::int64_t channels;
  Transpose transpose_a;
  Transpose transpose_b;

  std::string name() const {
    return fmt::format("{}x{}x{} {}{}", rows, depth, channels,
                       transpose_a == Transpose::yes ? "T" : "N",
                       transpose_b == Transpose::yes ? "T" : "N");
  }
  Guarded<T> operand(std::int64_t r, std::int64_t c, Transpose transpose,
                     std::uint64_t seed) const {
    if (transpose == Transpose::yes) std::swap(r, c);
    std::vector<T> values;
    for (const float v : normal_values(r * c, seed)) assign(values.emplace_back(), v);
    return {r, c, c + 3, 1, values};
  }
  static double element(BasicMatrix<const T> m, Transpose transpose, std::int64_t r,
                        std::int64_t c) {
    return read(transpose == Transpose::yes ? m.row(c)[r] : m.row(r)[c]);
  }

  std::vector<float> run() const {
    const Guarded<T> a = operand(rows, depth, transpose_a, 1);
    const Guarded<T> b = operand(depth, channels, transpose_b, 2);
    const Guarded<float> c(rows, channels, channels + 5, 1);
    gemm(c.matrix(), a.matrix(), transpose_a, b.matrix(), transpose_b);
    c.expect_intact(name());
    return c.values();
  }

  void expect_as_reference() const {
    const Guarded<T> a = operand(rows, depth, transpose_a, 1);
    const Guarded<T> b = operand(depth, channels, transpose_b, 2);
    std::vector<double> expected;
    double largest = 0;
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t j = 0; j < channels; ++j) {
        double sum = 0;
        double absolute = 0;
        for (std::int64_t k = 0; k < depth; ++k) {
          const double product =
              element(a.matrix(), transpose_a, r, k) * element(b.matrix(), transpose_b, k, j);
          sum += product;
          absolute += std::abs(product);
        }
        expected.push_back(sum);
        largest = std::max(largest, absolute);
      }
    }
    const std::vector<float> actual = run();
    // `depth` sums round, and products of floats (those of 8-bit significands are exact), each by
    // 2^-24 of no more than the sum of all magnitudes.
    const double allowed = static_cast<double>(depth + 1) * 0x1p-24 * largest;
    expect_close<float>(actual, expected, {allowed, 0, "sums of products, in float"}, name());
  }
};

constexpr std::array kTransposes = {Transpose::no, Transpose::yes};

const ProductTest<Bf16> kSome{64, 100, 96, Transpose::yes, Transpose::no};

/// Decided by what oneDNN was held to before its first use, which tests of this process cannot
/// change any more.
bool has_bf16_products() {
  try {
    kSome.run();
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(Gemm, IsAsTheReference) {
  for (const Transpose a : kTransposes) {
    for (const Transpose b : kTransposes) {
      for (const auto& [rows, depth, channels] :
           {std::array{1, 1, 1}, std::array{3, 5, 7}, std::array{64, 33, 128},
            // Few rows, for which transposed products are taken: what is just within, and just not,
            // rests of every kind, more channels than go at a time.
            std::array{16, 128, 128}, std::array{15, 128, 128}, std::array{48, 130, 129},
            std::array{49, 128, 128}, std::array{48, 128, 127}, std::array{21, 128, 2500},
            std::array{48, 131, 1027}}) {
        ProductTest<float>{rows, depth, channels, a, b}.expect_as_reference();
      }
    }
  }
}

TEST(Bf16Gemm, IsAsTheReference) {
  if (!has_bf16_products()) {
    EXPECT_NE(supported_isas().back(), Isa::avx512);
    return;
  }
  for (const Transpose a : kTransposes) {
    for (const Transpose b : kTransposes) {
      for (const auto& [rows, depth, channels] :
           {std::array{1, 1, 1}, std::array{3, 5, 7}, std::array{64, 33, 128},
            std::array{17, 784, 10}, std::array{256, 32, 130}}) {
        ProductTest<Bf16>{rows, depth, channels, a, b}.expect_as_reference();
      }
    }
  }
}

TEST(Bf16Gemm, GivesTheSameBitsOnEveryThreadAndEveryTime) {
  if (!has_bf16_products()) {
    EXPECT_NE(supported_isas().back(), Isa::avx512);
    return;
  }
  const std::vector<float> first = kSome.run();
  EXPECT_EQ(kSome.run(), first);
  std::vector<float> elsewhere;
  std::thread([&] { elsewhere = kSome.run(); }).join();
  EXPECT_EQ(elsewhere, first);
}

#if defined(__x86_64__)
class Bf16GemmIsaTest : public KernelTest {};
INSTANTIATE_TEST_SUITE_P(Isas, Bf16GemmIsaTest, every_isa(), isa_name);

TEST_P(Bf16GemmIsaTest, IsThereFromAvx512OnAndElseAnError) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        select_isa(to_string(GetParam()));
        std::exit(has_bf16_products() == (GetParam() == Isa::avx512) ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}
#endif

}  // namespace
}  // namespace normlab::kernels
