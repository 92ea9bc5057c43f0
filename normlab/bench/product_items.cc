#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "normlab/bench/kernel_item.h"
#include "normlab/kernels/convolution.h"
#include "normlab/kernels/gemm.h"

namespace normlab::bench {
namespace {

using kernels::Transpose;
using reference::Table;

/// The three products of a dense layer of `outputs` units for `batch` rows of `inputs`.
struct Dense {
  Workspace& workspace;
  std::int64_t batch;
  std::int64_t inputs;
  std::int64_t outputs;

  Matrix x() const { return workspace.matrix(0, batch, inputs); }
  Matrix dz() const { return workspace.matrix(2, batch, outputs); }
  Matrix weights() const { return {workspace.data(2) + batch * outputs, inputs, outputs, outputs}; }
  Matrix out(std::int64_t rows, std::int64_t channels) const {
    return workspace.matrix(1, rows, channels);
  }
  void fill() const {
    workspace.fill(0, batch * inputs, 1);
    workspace.fill(2, batch * outputs + inputs * outputs, 2);
  }
};

/// One product as kernels::gemm takes it.
struct Product {
  Matrix c;
  ConstMatrix a;
  Transpose transpose_a;
  ConstMatrix b;
  Transpose transpose_b;

  void run() const { kernels::gemm(c, a, transpose_a, b, transpose_b); }
  std::int64_t depth() const { return transpose_a == Transpose::yes ? a.rows : a.channels; }
  double flops() const {
    return 2 * static_cast<double>(c.rows) * static_cast<double>(c.channels) *
           static_cast<double>(depth());
  }
};

double element(ConstMatrix m, Transpose transpose, std::int64_t r, std::int64_t c) {
  return static_cast<double>(transpose == Transpose::yes ? m.row(c)[r] : m.row(r)[c]);
}

/// A few elements of the product, each computed by itself.
void check_product(const std::string& name, const Dense& dense, const Product& p) {
  dense.fill();
  p.run();
  for (std::int64_t i = 0; i < 50; ++i) {
    const std::int64_t r = i * 7919 % p.c.rows;
    const std::int64_t c = i * 104'729 % p.c.channels;
    double sum = 0;
    for (std::int64_t k = 0; k < p.depth(); ++k) {
      sum += element(p.a, p.transpose_a, r, k) * element(p.b, p.transpose_b, k, c);
    }
    expect_close(name, std::array{p.c.row(r)[c]}, std::array{sum});
  }
}

void add_dense(std::vector<KernelItem>& items, const Dense& d) {
  const auto add = [&](const std::string& name, const Product& product) {
    items.push_back({.name = name,
                     .shape = fmt::format("{}x{}x{}", d.batch, d.inputs, d.outputs),
                     .flops = product.flops(),
                     .run = [=] { product.run(); },
                     .check = [=] { check_product(name, d, product); }});
  };
  add("linear_forward",
      {d.out(d.batch, d.outputs), d.x(), Transpose::no, d.weights(), Transpose::no});
  add("linear_backward_weights",
      {d.out(d.inputs, d.outputs), d.x(), Transpose::yes, d.dz(), Transpose::no});
  add("linear_backward_input",
      {d.out(d.batch, d.inputs), d.dz(), Transpose::no, d.weights(), Transpose::yes});
}

/// A convolution without its neighbours; weights and gradients lie behind the images.
struct ConvolutionRun {
  Workspace& workspace;
  std::int64_t examples;
  kernels::ConvolutionShape shape;
  kernels::Convolution convolution{shape, examples, 1};
  std::vector<float> weights =
      std::vector<float>(static_cast<std::size_t>(shape.weight_count()), 0.0625f);
  std::vector<float> packed_forward =
      std::vector<float>(static_cast<std::size_t>(convolution.packed_forward_size()));
  std::vector<float> gradient =
      std::vector<float>(static_cast<std::size_t>(convolution.gradient_size()));

  void forward() {
    convolution.forward(workspace.data(1), workspace.data(0), packed_forward.data(), examples, 0);
  }
  void backward_weights() {
    convolution.backward_weights(gradient.data(), workspace.data(0), workspace.data(2), examples,
                                 0);
  }
};

/// With all weights equal, an output is their value times the sum under the window.
void check_convolution(ConvolutionRun& run) {
  const auto& s = run.shape;
  run.workspace.fill(0, run.examples * s.input_size(), 1);
  run.convolution.pack_forward(run.packed_forward.data(), run.weights.data());
  run.forward();
  // The output whose window begins at the image's first pixel, padding left out.
  const auto inner = s.padding * (s.output_width() + 1) * s.out_channels;
  const float* image = run.workspace.data(0);
  double sum = 0;
  for (std::int64_t h = 0; h < s.kernel; ++h) {
    for (std::int64_t i = 0; i < s.kernel * s.in_channels; ++i) {
      sum += static_cast<double>(image[h * s.width * s.in_channels + i]);
    }
  }
  expect_close("conv_forward", std::array{run.workspace.data(1)[inner]}, std::array{0.0625 * sum});
}

void add_convolution(std::vector<KernelItem>& items, Workspace& workspace, std::int64_t examples,
                     const kernels::ConvolutionShape& shape) {
  const auto run = std::make_shared<ConvolutionRun>(ConvolutionRun{workspace, examples, shape});
  const auto add = [&](const std::string& name, std::function<void()> work) {
    items.push_back({.name = name,
                     .shape = fmt::format("{}x{}x{}x{} to {}", examples, shape.height, shape.width,
                                          shape.in_channels, shape.out_channels),
                     .flops = 2 * static_cast<double>(examples * shape.output_height() *
                                                      shape.output_width() * shape.weight_count()),
                     .run = std::move(work),
                     .check = [=] { check_convolution(*run); }});
  };
  add("conv_forward", [=] { run->forward(); });
  add("conv_backward_weights", [=] { run->backward_weights(); });
}

}  // namespace

void add_product_items(std::vector<KernelItem>& items, Workspace& workspace) {
  // mlp-128-64 and mlp-512-256 at batch 64, cnn-32's dense layer at batch 32.
  for (const auto& [batch, inputs, outputs] :
       {std::array{64, 784, 128}, std::array{64, 128, 64}, std::array{64, 784, 512},
        std::array{64, 512, 256}, std::array{32, 5408, 128}}) {
    add_dense(items, {workspace, batch, inputs, outputs});
  }
  // cnn-32's piece of four examples, and one from inside a ResNet.
  add_convolution(items, workspace, 4,
                  {.height = 28, .width = 28, .in_channels = 1, .out_channels = 32, .kernel = 3});
  add_convolution(items, workspace, 4,
                  {.height = 32,
                   .width = 32,
                   .in_channels = 64,
                   .out_channels = 64,
                   .kernel = 3,
                   .padding = 1});
}

}  // namespace normlab::bench
