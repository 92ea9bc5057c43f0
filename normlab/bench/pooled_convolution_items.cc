#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "normlab/bench/kernel_item.h"
#include "normlab/kernels/pooled_convolution.h"
#include "normlab/kernels/reference/convolution.h"
#include "normlab/kernels/reference/norm.h"
#include "normlab/kernels/reference/pooling.h"

namespace normlab::bench {
namespace {

/// Strips of gradients as a network's first convolution cuts them (PooledConv).
constexpr std::int64_t kStripRows = 6;

std::vector<double> doubles(const float* values, std::int64_t count) {
  return {values, values + count};
}

/// One image: it is in array 0, peaks and their gradients in 1, the gradient of the convolution's
/// sums in 2. No ReLU and a normalization that changes nothing, which cost as much as others.
class PooledRun {
 public:
  PooledRun(Workspace& memory, const kernels::ConvolutionShape& shape)
      : workspace_(memory),
        convolution_(shape),
        weights_(static_cast<std::size_t>(shape.weight_count())),
        packed_(weights_.size()),
        bias_(static_cast<std::size_t>(shape.out_channels), 0.5f),
        ones_(bias_.size(), 1.0f),
        zeros_(bias_.size(), 0.0f),
        argmax_(static_cast<std::size_t>(pool().output_size())),
        mean_(bias_.size()),
        m2_(bias_.size()),
        gradient_(static_cast<std::size_t>(convolution_.gradient_size())) {
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      weights_[i] = 0.01f * static_cast<float>(i % 37) - 0.18f;
    }
    convolution_.pack(packed_.data(), weights_.data());
  }

  void forward() {
    const kernels::PartialMoments moments{mean_.data(), m2_.data(), 0};
    kernels::pooled_convolution_forward(workspace_.data(1), argmax_.data(),
                                        pooled_rows({0, shape().output_height()}), ones_.data(),
                                        &moments);
  }
  void backward() {
    for_each_strip([&](Range rows, Matrix dz) {
      const std::int64_t offset =
          rows.first / kWindow * pool().output_width() * shape().out_channels;
      kernels::pooled_convolution_backward(
          dz, pooled_rows(rows), workspace_.data(1) + offset, argmax_.data() + offset,
          {zeros_.data(), ones_.data(), ones_.data(), zeros_.data(), zeros_.data()});
    });
  }
  void backward_weights() {
    std::ranges::fill(gradient_, 0.0);
    for_each_strip([&](Range rows, Matrix dz) {
      convolution_.backward_weights(gradient_, workspace_.data(0), rows, dz);
    });
  }

  void check_forward() {
    workspace_.fill(0, shape().input_size(), 1);
    forward();
    std::vector<double> outputs(static_cast<std::size_t>(shape().output_size()));
    reference::convolution_forward(outputs, doubles(workspace_.data(0), shape().input_size()),
                                   doubles(weights_.data(), std::ssize(weights_)),
                                   doubles(bias_.data(), std::ssize(bias_)), shape());
    std::vector<double> peaks(argmax_.size());
    std::vector<std::uint8_t> argmax(argmax_.size());
    reference::maxpool_forward(peaks, argmax, outputs, pool());
    expect_close("pooled_conv_forward", {workspace_.data(1), peaks.size()}, peaks);
    reference::Table table(shape().output_height() * shape().output_width(), shape().out_channels);
    table.values = outputs;
    const std::vector<float> means(mean_.begin(), mean_.end());
    expect_close("pooled_conv_forward", means, reference::batch_statistics(table).mean);
  }
  void check_backward() {
    workspace_.fill(0, shape().input_size(), 1);
    workspace_.fill(1, pool().output_size(), 2);
    std::ranges::fill(argmax_, std::uint8_t{2});
    backward();
    std::vector<double> expected(static_cast<std::size_t>(shape().output_size()));
    reference::maxpool_backward(expected, doubles(workspace_.data(1), pool().output_size()),
                                argmax_, pool());
    expect_close("pooled_conv_backward", {workspace_.data(2), expected.size()}, expected);
  }
  void check_backward_weights() {
    workspace_.fill(0, shape().input_size(), 1);
    workspace_.fill(2, shape().output_size(), 2);
    backward_weights();
    std::vector<float> actual(weights_.size());
    convolution_.unpack_gradient(actual.data(), nullptr, gradient_);
    std::vector<double> expected(weights_.size());
    std::vector<double> bias_gradient(bias_.size());
    reference::convolution_backward_weights(
        expected, bias_gradient, doubles(workspace_.data(0), shape().input_size()),
        doubles(workspace_.data(2), shape().output_size()), shape());
    expect_close("direct_conv_backward_weights", actual, expected);
  }

 private:
  static constexpr std::int64_t kWindow = 2;

  const kernels::ConvolutionShape& shape() const { return convolution_.shape(); }
  kernels::PoolShape pool() const {
    return {.height = shape().output_height(),
            .width = shape().output_width(),
            .channels = shape().out_channels,
            .window = kWindow,
            .stride = kWindow};
  }
  kernels::PooledRows pooled_rows(Range rows) {
    return {.input = convolution_.input(workspace_.data(0), rows),
            .channels = shape().out_channels,
            .window = kWindow,
            .weights = packed_.data(),
            .bias = bias_.data()};
  }
  /// Calls `work(rows, dz)`.
  template <class Work>
  void for_each_strip(const Work& work) {
    const std::int64_t width = shape().output_width();
    const Matrix all = workspace_.matrix(2, shape().output_height() * width, shape().out_channels);
    const Pieces strips{shape().output_height(), kStripRows};
    for (std::int64_t i = 0; i < strips.count(); ++i) {
      const Range rows = strips.range(i);
      work(rows, all.row_range(rows.first * width, rows.count * width));
    }
  }

  Workspace& workspace_;
  kernels::DirectConvolution convolution_;
  std::vector<float> weights_;
  std::vector<float> packed_;
  std::vector<float> bias_;
  std::vector<float> ones_;
  std::vector<float> zeros_;
  std::vector<std::uint8_t> argmax_;
  std::vector<double> mean_;
  std::vector<double> m2_;
  std::vector<double> gradient_;
};

}  // namespace

void add_pooled_convolution_items(std::vector<KernelItem>& items, Workspace& workspace) {
  // cnn-32's, and one over coloured images.
  for (const kernels::ConvolutionShape& shape :
       {kernels::ConvolutionShape{28, 28, 1, 32, 3, 1, 0}, {32, 32, 3, 32, 3, 1, 0}}) {
    const auto run = std::make_shared<PooledRun>(workspace, shape);
    const auto add = [&](const char* name, auto work, auto check) {
      items.push_back(
          {.name = name,
           .shape = fmt::format("{}x{}x{} to {}", shape.height, shape.width, shape.in_channels,
                                shape.out_channels),
           .flops = 2 * static_cast<double>(shape.output_height() * shape.output_width() *
                                            shape.weight_count()),
           .run = [=] { std::invoke(work, *run); },
           .check = [=] { std::invoke(check, *run); }});
    };
    add("pooled_conv_forward", &PooledRun::forward, &PooledRun::check_forward);
    add("pooled_conv_backward", &PooledRun::backward, &PooledRun::check_backward);
    add("direct_conv_backward_weights", &PooledRun::backward_weights,
        &PooledRun::check_backward_weights);
  }
}

}  // namespace normlab::bench
