#include "normlab/kernels/direct_convolution.h"

#include <cstdint>
#include <string>
#include <vector>

#include "normlab/kernels/kernel_test.h"
#include "normlab/kernels/reference/convolution.h"

namespace normlab::kernels {
namespace {

/// Rows that fill blocks of positions and that leave rests; channels in one, two and more vectors
/// of every instruction set; padding, strides, several input channels.
const std::vector<ConvolutionShape> kShapes = {
    {6, 7, 1, 16, 3, 1, 0},  {8, 10, 1, 32, 3, 1, 0}, {5, 6, 3, 48, 3, 1, 1},
    {9, 9, 2, 64, 3, 2, 1},  {5, 5, 1, 16, 5, 1, 2},  {4, 4, 32, 16, 1, 1, 0},
    {7, 5, 1, 112, 2, 3, 0}, {3, 3, 1, 16, 3, 1, 0},
};

class DirectConvolutionTest : public KernelTest {};
INSTANTIATE_TEST_SUITE_P(Isas, DirectConvolutionTest, every_isa(), isa_name);

std::string describe(const ConvolutionShape& s) {
  return fmt::format("{}x{}x{} to {}, kernel {}, stride {}, padding {}", s.height, s.width,
                     s.in_channels, s.out_channels, s.kernel, s.stride, s.padding);
}

std::vector<float> padded_image(const DirectConvolution& convolution,
                                const std::vector<float>& image) {
  std::vector<float> padded(static_cast<std::size_t>(convolution.padded_size()));
  convolution.pad_image(padded.data(), image.data());
  return padded;
}

const Tolerance kSums = {2e-5, 2e-6, "up to 81 products of numbers of size 1"};

TEST_P(DirectConvolutionTest, GradientsAreAsTheReference) {
  for (const ConvolutionShape& shape : kShapes) {
    const DirectConvolution convolution(shape);
    const auto x = normal_values(shape.input_size(), 1);
    const auto dz = normal_values(shape.output_size(), 2);
    std::vector<double> dweights(static_cast<std::size_t>(shape.weight_count()));
    std::vector<double> dbias(static_cast<std::size_t>(shape.out_channels));
    reference::convolution_backward_weights(dweights, dbias, to_double(x), to_double(dz), shape);

    const auto padded = padded_image(convolution, x);
    const std::int64_t width = shape.output_width();
    const ConstMatrix gradient{dz.data(), shape.output_height() * width, shape.out_channels,
                               shape.out_channels};
    std::vector<double> sums(static_cast<std::size_t>(convolution.gradient_size()));
    for (std::int64_t row = 0; row < shape.output_height(); ++row) {
      convolution.backward_weights(sums, padded.data(), {row, 1},
                                   gradient.row_range(row * width, width));
    }
    std::vector<float> weight_gradient(dweights.size());
    std::vector<float> bias_gradient(dbias.size());
    convolution.unpack_gradient(weight_gradient.data(), bias_gradient.data(), sums);
    expect_close<float>(weight_gradient, dweights, kSums, describe(shape));
    expect_close<float>(bias_gradient, dbias, kSums, describe(shape));
  }
}

TEST(DirectConvolution, SuitsFewTapsAndWholeVectors) {
  EXPECT_TRUE(DirectConvolution::suits({28, 28, 1, 32, 3, 1, 0}));
  EXPECT_TRUE(DirectConvolution::suits({32, 32, 3, 64, 3, 1, 1}));
  EXPECT_FALSE(DirectConvolution::suits({28, 28, 1, 24, 3, 1, 0})) << "not whole vectors";
  EXPECT_FALSE(DirectConvolution::suits({28, 28, 16, 32, 3, 1, 0})) << "144 taps";
}

}  // namespace
}  // namespace normlab::kernels
