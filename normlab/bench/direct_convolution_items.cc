#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "normlab/bench/kernel_item.h"
#include "normlab/kernels/direct_convolution.h"
#include "normlab/kernels/reference/convolution.h"

namespace normlab::bench {
namespace {

/// Strips as a network's first convolution cuts them (PooledConv).
constexpr std::int64_t kStripRows = 6;

std::vector<double> doubles(const float* values, std::int64_t count) {
  return {values, values + count};
}

/// One image, strip by strip: image in array 0, output in 1, its gradient in 2.
struct DirectRun {
  Workspace& workspace;
  kernels::DirectConvolution convolution;
  std::vector<float> weights;
  std::vector<float> bias;
  std::vector<float> packed;
  std::vector<double> gradient;

  DirectRun(Workspace& memory, const kernels::ConvolutionShape& shape)
      : workspace(memory),
        convolution(shape),
        weights(static_cast<std::size_t>(shape.weight_count())),
        bias(static_cast<std::size_t>(shape.out_channels), 0.5f),
        packed(static_cast<std::size_t>(convolution.packed_size())),
        gradient(static_cast<std::size_t>(convolution.gradient_size())) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = 0.01f * static_cast<float>(i % 37) - 0.18f;
    }
    convolution.pack(packed.data(), weights.data());
  }

  const kernels::ConvolutionShape& shape() const { return convolution.shape(); }

  template <class Work>
  void for_each_strip(int array, const Work& work) {
    const Pieces strips{shape().output_height(), kStripRows};
    for (std::int64_t i = 0; i < strips.count(); ++i) {
      const Range rows = strips.range(i);
      const std::int64_t width = shape().output_width();
      const Matrix all =
          workspace.matrix(array, shape().output_height() * width, shape().out_channels);
      work(rows, all.row_range(rows.first * width, rows.count * width));
    }
  }
  void forward() {
    for_each_strip(1, [&](Range rows, Matrix z) {
      convolution.forward(z, workspace.data(0), rows, packed.data(), bias.data(), {});
    });
  }
  void backward_weights() {
    std::ranges::fill(gradient, 0.0);
    for_each_strip(2, [&](Range rows, Matrix dz) {
      convolution.backward_weights(gradient, workspace.data(0), rows, dz);
    });
  }
  void fill() {
    workspace.fill(0, shape().input_size(), 1);
    workspace.fill(2, shape().output_size(), 2);
  }

  void check_forward() {
    fill();
    forward();
    const std::vector<double> image = doubles(workspace.data(0), shape().input_size());
    std::vector<double> expected(static_cast<std::size_t>(shape().output_size()));
    reference::convolution_forward(expected, image, doubles(weights.data(), std::ssize(weights)),
                                   doubles(bias.data(), std::ssize(bias)), shape());
    expect_close("direct_conv_forward", {workspace.data(1), expected.size()}, expected);
  }
  void check_backward_weights() {
    fill();
    backward_weights();
    std::vector<float> actual(weights.size());
    convolution.unpack_gradient(actual.data(), nullptr, gradient);
    std::vector<double> expected(weights.size());
    std::vector<double> bias_gradient(bias.size());
    reference::convolution_backward_weights(
        expected, bias_gradient, doubles(workspace.data(0), shape().input_size()),
        doubles(workspace.data(2), shape().output_size()), shape());
    expect_close("direct_conv_backward_weights", actual, expected);
  }
};

}  // namespace

void add_direct_convolution_items(std::vector<KernelItem>& items, Workspace& workspace) {
  // cnn-32's, and one over coloured images.
  for (const kernels::ConvolutionShape& shape :
       {kernels::ConvolutionShape{28, 28, 1, 32, 3, 1, 0}, {32, 32, 3, 32, 3, 1, 0}}) {
    const auto run = std::make_shared<DirectRun>(workspace, shape);
    const double flops = 2 * static_cast<double>(shape.output_height() * shape.output_width() *
                                                 shape.weight_count());
    const std::string text = fmt::format("{}x{}x{} to {}", shape.height, shape.width,
                                         shape.in_channels, shape.out_channels);
    items.push_back({.name = "direct_conv_forward",
                     .shape = text,
                     .flops = flops,
                     .run = [=] { run->forward(); },
                     .check = [=] { run->check_forward(); }});
    items.push_back({.name = "direct_conv_backward_weights",
                     .shape = text,
                     .flops = flops,
                     .run = [=] { run->backward_weights(); },
                     .check = [=] { run->check_backward_weights(); }});
  }
}

}  // namespace normlab::bench
