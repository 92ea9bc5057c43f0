#include <array>
#include <cmath>
#include <utility>

#include "normlab/bench/kernel_item.h"
#include "normlab/kernels/activation.h"
#include "normlab/kernels/dropout.h"
#include "normlab/kernels/reference/activation.h"
#include "normlab/kernels/reference/dropout.h"

namespace normlab::bench {
namespace {

using reference::Table;

constexpr std::array<std::pair<std::int64_t, std::int64_t>, 4> kShapes = {
    {{64, 128}, {64, 512}, {32 * 26 * 26, 32}, {128 * 32 * 32, 64}}};
constexpr std::array kActivations = {std::pair("relu", ActivationKind::relu),
                                     std::pair("gelu", ActivationKind::gelu)};

/// The matrices of one item: input and saved input, output, gradient.
struct Arrays {
  Workspace& workspace;
  std::int64_t rows;
  std::int64_t channels;

  Matrix x() const { return workspace.matrix(0, rows, channels); }
  Matrix y() const { return workspace.matrix(1, rows, channels); }
  Matrix dy() const { return workspace.matrix(2, rows, channels); }
  double bytes() const { return static_cast<double>(rows * channels) * sizeof(float); }
  void fill() const {
    for (const int array : {0, 1, 2}) {
      workspace.fill(array, rows * channels, static_cast<std::uint64_t>(array) + 1);
    }
  }
};

void add_activation(std::vector<KernelItem>& items, const Arrays& arrays, const std::string& name,
                    Activation activation) {
  KernelItem forward{.name = name + "_forward",
                     .shape = shape_text(arrays.rows, arrays.channels),
                     .traffic = {{Mix::copy, 2 * arrays.bytes()}},
                     .working_set = 2 * arrays.bytes()};
  forward.run = [=] { kernels::activation_forward(arrays.y(), arrays.x(), activation); };
  forward.check = [=, run = forward.run] {
    arrays.fill();
    run();
    const auto inputs = checked_channels(arrays.x());
    const auto outputs = checked_channels(arrays.y());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      expect_close(name, outputs[i], reference::activation_forward(Table(inputs[i]), activation));
    }
  };
  items.push_back(std::move(forward));

  KernelItem backward{.name = name + "_backward",
                      .shape = shape_text(arrays.rows, arrays.channels),
                      .traffic = {{Mix::update, 3 * arrays.bytes()}},
                      .working_set = 2 * arrays.bytes()};
  // x stands for the saved value: of a ReLU the output has the same sign.
  backward.run = [=] {
    kernels::activation_backward(arrays.dy(), arrays.dy(), arrays.x(), activation);
  };
  backward.check = [=, run = backward.run] {
    arrays.fill();
    const auto inputs = checked_channels(arrays.x());
    const auto gradients = checked_channels(arrays.dy());
    std::vector<Table> expected;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      expected.push_back(
          reference::activation_backward(Table(gradients[i]), Table(inputs[i]), activation));
    }
    run();
    for (std::size_t i = 0; i < inputs.size(); ++i) expect_close(name, gradients[i], expected[i]);
  };
  items.push_back(std::move(backward));
}

void add_bias_relu(std::vector<KernelItem>& items, const Arrays& arrays) {
  const auto bias =
      std::make_shared<std::vector<float>>(static_cast<std::size_t>(arrays.channels), 0.25f);
  KernelItem item{.name = "bias_relu_forward",
                  .shape = shape_text(arrays.rows, arrays.channels),
                  .traffic = {{Mix::copy, 2 * arrays.bytes()}},
                  .working_set = 2 * arrays.bytes()};
  item.run = [=] {
    kernels::bias_activation_forward(arrays.y(), arrays.x(), bias->data(), {ActivationKind::relu});
  };
  item.check = [=, run = item.run] {
    arrays.fill();
    run();
    const auto inputs = checked_channels(arrays.x());
    const auto outputs = checked_channels(arrays.y());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const Table x(inputs[i]);
      const auto channels = static_cast<std::size_t>(x.channels);
      const Table sum = reference::add_bias(x, reference::PerChannel(channels, 0.25));
      expect_close("bias_relu_forward", outputs[i],
                   reference::activation_forward(sum, {ActivationKind::relu}));
    }
  };
  items.push_back(std::move(item));
}

void add_column_sums(std::vector<KernelItem>& items, const Arrays& arrays) {
  const auto sums = std::make_shared<std::vector<double>>(arrays.channels);
  KernelItem item{.name = "column_sums",
                  .shape = shape_text(arrays.rows, arrays.channels),
                  .traffic = {{Mix::read, arrays.bytes()}},
                  .working_set = arrays.bytes()};
  item.run = [=] { kernels::column_sums(*sums, arrays.x()); };
  item.check = [=, run = item.run] {
    arrays.fill();
    run();
    const Table x(arrays.x().channel_range(0, 1));
    const double error = std::abs(sums->front() - reference::column_sums(x).front());
    // Sums of N(0, 1) grow as the root of their number, rounding errors of floats with them.
    if (!(error <= 1e-4 * std::sqrt(static_cast<double>(arrays.rows)))) {
      expect_close("column_sums", std::array{static_cast<float>(sums->front())},
                   reference::column_sums(x));
    }
  };
  items.push_back(std::move(item));
}

void add_dropout(std::vector<KernelItem>& items, const Arrays& arrays) {
  constexpr float kRate = 0.25f;
  const auto count = static_cast<std::size_t>(arrays.rows * arrays.channels);
  const Philox stream(1, Purpose::dropout, 0);
  KernelItem item{.name = "dropout_forward",
                  .shape = shape_text(arrays.rows, arrays.channels),
                  // Reads x, writes the mask and y.
                  .traffic = {{Mix::copy, 2 * arrays.bytes()}, {Mix::write, arrays.bytes()}},
                  .working_set = 3 * arrays.bytes()};
  item.run = [=] {
    kernels::dropout_forward(arrays.y().data, arrays.dy().data, arrays.x().data, count, kRate,
                             stream, 0);
  };
  item.check = [=, run = item.run] {
    arrays.fill();
    run();
    const auto mask = reference::dropout_mask(count, kRate, stream, 0);
    expect_close("dropout_forward", {arrays.dy().data, count}, mask);
  };
  items.push_back(std::move(item));
}

}  // namespace

void add_elementwise_items(std::vector<KernelItem>& items, Workspace& workspace) {
  for (const auto& [rows, channels] : kShapes) {
    const Arrays arrays{workspace, rows, channels};
    if (static_cast<std::size_t>(rows * channels) > workspace.size()) continue;
    for (const auto& [name, kind] : kActivations) add_activation(items, arrays, name, {kind});
    add_bias_relu(items, arrays);
    add_column_sums(items, arrays);
  }
  add_dropout(items, {workspace, 64, 512});
  add_dropout(items, {workspace, 32 * 26 * 26, 32});
}

}  // namespace normlab::bench
