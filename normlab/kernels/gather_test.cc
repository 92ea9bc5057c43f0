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

/// Every way an image can be placed, from not at all to the farthest that is allowed.
std::vector<Placement> every_placement(const ImageSize& size) {
  const auto most = [](std::int64_t side) { return static_cast<std::int32_t>(side - 1); };
  std::vector<Placement> placements;
  for (std::int32_t down = -most(size.height); down <= most(size.height); ++down) {
    for (std::int32_t right = -most(size.width); right <= most(size.width); ++right) {
      for (const bool mirrored : {false, true}) placements.push_back({down, right, mirrored});
    }
  }
  return placements;
}

TEST_P(GatherTest, PlacesAsTheReference) {
  // One pixel; narrower than a run of pixels; CIFAR's; more channels than a run has bytes.
  for (const ImageSize size : {ImageSize{1, 1, 1}, ImageSize{3, 5, 1}, ImageSize{4, 7, 3},
                               ImageSize{5, 32, 3}, ImageSize{5, 28, 1}, ImageSize{2, 3, 17}}) {
    const std::int64_t pixels = size.height * size.width * size.channels;
    const std::string test_case = fmt::format("{}x{}x{}", size.height, size.width, size.channels);
    const std::vector<Placement> placements = every_placement(size);
    const auto rows = std::ssize(placements);
    for (const bool last_first : {false, true}) {
      // The first and the last image, each mirrored and not.
      std::vector<std::uint32_t> indices(placements.size());
      for (std::size_t r = 0; r < indices.size(); ++r)
        indices[r] = (r % 2 == 0) == last_first ? 2 : 0;
      Guarded<std::uint8_t> images(3, pixels, 0, 1);
      for (std::int64_t i = 0; i < 3 * pixels; ++i)
        images.data()[i] = static_cast<std::uint8_t>(i * 83 + 255);
      const std::vector<float> scale = normal_values(pixels, 1, 0, 0.01);
      const std::vector<float> shift = normal_values(pixels, 2);
      Guarded<float> out(rows, pixels, pixels + 2, 5);
      gather_scale_placed(out.matrix(), images.data(), indices, placements, size, scale.data(),
                          shift.data());
      std::vector<double> expected(static_cast<std::size_t>(rows * pixels));
      reference::gather_scale_placed(expected, images.values(), indices, placements, size, scale,
                                     shift);
      expect_close<float>(out.values(), expected,
                          {1e-6, 0, "a product and a sum below 16, each rounded by at most 2^-21"},
                          test_case);
      out.expect_intact(test_case);
    }
  }
}

TEST_P(GatherTest, PlacedNowhereElseIsTheSameBits) {
  constexpr ImageSize kSize{9, 11, 3};
  constexpr std::int64_t kPixels = 9 * 11 * 3;
  std::vector<std::uint8_t> images(2 * kPixels);
  for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<std::uint8_t>(i * 83);
  const std::vector<float> scale = normal_values(kPixels, 1, 0, 0.01);
  const std::vector<float> shift = normal_values(kPixels, 2);
  const std::vector<std::uint32_t> indices = {1, 0};
  std::vector<float> plain(images.size());
  std::vector<float> placed(images.size());
  gather_scale({plain.data(), 2, kPixels, kPixels}, images.data(), indices, scale.data(),
               shift.data());
  gather_scale_placed({placed.data(), 2, kPixels, kPixels}, images.data(), indices,
                      std::vector<Placement>(2), kSize, scale.data(), shift.data());
  EXPECT_EQ(placed, plain);
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
