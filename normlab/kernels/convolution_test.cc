#include "normlab/kernels/convolution.h"

#include <filesystem>
#include <iterator>

#include <gtest/gtest.h>

#include "normlab/base/aligned_buffer.h"

namespace normlab::kernels {
namespace {

std::ptrdiff_t threads_of_process() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

AlignedBuffer<float> zeros(std::int64_t count) {
  return AlignedBuffer<float>(static_cast<std::size_t>(count));
}

// A library's second thread waits for work by spinning, on the processor that a worker of ours
// needs.
TEST(ConvolutionTest, StartsNoThread) {
  const ConvolutionShape shape{
      .height = 16, .width = 16, .in_channels = 32, .out_channels = 64, .kernel = 3, .padding = 1};
  constexpr std::int64_t kExamples = 4;
  const std::ptrdiff_t before = threads_of_process();
  Convolution convolution(shape, kExamples, 2);
  const auto packed_forward = zeros(convolution.packed_forward_size());
  const auto packed_backward = zeros(convolution.packed_backward_size());
  const auto gradient = zeros(convolution.gradient_size());
  const auto weights = zeros(shape.weight_count());
  const auto x = zeros(kExamples * shape.input_size());
  const auto y = zeros(kExamples * shape.output_size());
  convolution.pack_forward(packed_forward.data(), weights.data());
  convolution.pack_backward(packed_backward.data(), weights.data());
  for (const std::int64_t examples : {kExamples, kExamples - 1}) {
    convolution.forward(y.data(), x.data(), packed_forward.data(), examples, 0);
    convolution.backward_data(x.data(), y.data(), packed_backward.data(), examples, 1);
    convolution.backward_weights(gradient.data(), x.data(), y.data(), examples, 1);
  }
  convolution.unpack_gradient(weights.data(), gradient.data());
  EXPECT_EQ(threads_of_process(), before);
}

}  // namespace
}  // namespace normlab::kernels
