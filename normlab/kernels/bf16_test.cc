#include "normlab/kernels/bf16.h"

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "normlab/kernels/kernel_test.h"
#include "normlab/kernels/reference/bf16.h"

namespace normlab::kernels {
namespace {

class Bf16Test : public KernelTest {};
INSTANTIATE_TEST_SUITE_P(Isas, Bf16Test, every_isa(), isa_name);

/// Rounds `values`, laid out in `rows` with a gap behind each, and expects the reference's bits.
void expect_as_reference(const std::vector<float>& values, std::int64_t rows,
                         std::int64_t misalignment) {
  const auto channels = std::ssize(values) / rows;
  const std::string test_case =
      fmt::format("{} x {}, misalignment {}", rows, channels, misalignment);
  const Guarded<float> from(rows, channels, channels + 3, misalignment, values);
  const Guarded<Bf16> to(rows, channels, channels + 1, misalignment);
  to_bf16(to.matrix(), from.matrix());
  const std::vector<Bf16> rounded = to.values();
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(rounded[i].bits, reference::to_bf16(values[i]).bits)
        << values[i] << "\n  " << reproduction(test_case);
  }
  to.expect_intact(test_case);
}

TEST_P(Bf16Test, RoundsAsTheReference) {
  for (const std::int64_t channels : {1, 2, 3, 7, 8, 15, 16, 17, 33, 64, 65, 100}) {
    for (const std::int64_t misalignment : {0, 1, 5}) {
      expect_as_reference(normal_values(3 * channels, 1), 3, misalignment);
    }
  }
}

/// All upper halves, each with the lower halves around which the result changes.
TEST_P(Bf16Test, RoundsEveryUpperHalf) {
  std::vector<float> values;
  for (std::uint32_t upper = 0; upper < 0x10000; ++upper) {
    for (const std::uint32_t lower : {0x0000u, 0x0001u, 0x7FFFu, 0x8000u, 0x8001u, 0xFFFFu}) {
      values.push_back(std::bit_cast<float>(upper << 16 | lower));
    }
  }
  expect_as_reference(values, 1, 0);
}

TEST_P(Bf16Test, RoundsToEvenKeepsDenormalsInfinitiesAndNans) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::array from{1.0f,
                        1 + 0x1p-8f,  // halfway: to even, down
                        1 + 0x3p-8f,  // halfway: to even, up
                        -1 - 0x1.02p-8f,
                        std::numeric_limits<float>::max(),
                        -kInfinity,
                        0x1p-133f,  // the smallest
                        -0.0f};
  const std::array<std::uint16_t, 8> expected{0x3F80, 0x3F80, 0x3F82, 0xBF81,
                                              0x7F80, 0xFF80, 0x0001, 0x8000};
  std::array<Bf16, 8> to;
  to_bf16({to.data(), 1, 8, 8}, {from.data(), 1, 8, 8});
  for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(to[i].bits, expected[i]) << from[i];

  // Whose upper half alone would be infinite.
  const float nan = std::bit_cast<float>(0x7F800001u);
  to_bf16({to.data(), 1, 1, 1}, {&nan, 1, 1, 1});
  EXPECT_TRUE(std::isnan(reference::to_double(to[0])));
}

}  // namespace
}  // namespace normlab::kernels
