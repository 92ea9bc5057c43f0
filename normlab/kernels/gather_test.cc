#include "normlab/kernels/gather.h"

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "normlab/kernels/kernel_test.h"
#include "normlab/kernels/reference/gather.h"

namespace normlab::kernels {
namespace {

class GatherTest : public KernelTest {};
INSTANTIATE_TEST_SUITE_P(Isas, GatherTest, every_isa(), isa_name);

TEST_P(GatherTest, PicksAndScalesAsTheReference) {
  // The last image too, some twice, and more of them than are fetched ahead.
  const std::vector<std::uint32_t> indices = {4, 0, 4, 2, 1, 3, 3};
  for (const std::int64_t pixels : {1, 3, 7, 8, 15, 16, 17, 33, 784, 1000}) {
    for (const std::int64_t misalignment : {0, 1, 5}) {
      const std::string test_case = fmt::format("{} pixels, misalignment {}", pixels, misalignment);
      Guarded<std::uint8_t> images(5, pixels, 0, misalignment);
      for (std::int64_t i = 0; i < 5 * pixels; ++i) {
        images.data()[i] = static_cast<std::uint8_t>(i * 83 + 255);
      }
      const std::vector<float> scale = normal_values(pixels, 1, 0, 0.01);
      const std::vector<float> shift = normal_values(pixels, 2);
      Guarded<float> out(7, pixels, pixels + 2, misalignment);
      gather_scale(out.matrix(), images.data(), indices, scale.data(), shift.data());

      std::vector<double> expected(static_cast<std::size_t>(7 * pixels));
      reference::gather_scale(expected, images.values(), indices, scale, shift);
      expect_close<float>(out.values(), expected,
                          {6e-7, 0, "a product and a sum below 16, each rounded"}, test_case);
      out.expect_intact(test_case);
    }
  }
}

TEST_P(GatherTest, KeepsAllBytesApart) {
  std::vector<std::uint8_t> bytes(256);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  const std::vector<float> ones(256, 1.0f);
  const std::vector<float> zeros(256);
  std::vector<float> out(256);
  gather_scale({out.data(), 1, 256, 256}, bytes.data(), std::vector{0u}, ones.data(), zeros.data());
  EXPECT_EQ(out, std::vector<float>(bytes.begin(), bytes.end()));
}

}  // namespace
}  // namespace normlab::kernels
