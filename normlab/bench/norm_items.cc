#include <array>
#include <cmath>
#include <utility>

#include "normlab/bench/kernel_item.h"
#include "normlab/kernels/moments.h"
#include "normlab/kernels/norm.h"
#include "normlab/kernels/reference/activation.h"
#include "normlab/kernels/reference/norm.h"

namespace normlab::bench {
namespace {

using reference::PerChannel;
using reference::Table;

constexpr double kEps = 1e-5;
constexpr int kX = 0;
constexpr int kY = 1;
constexpr int kDy = 2;

struct Shape {
  std::int64_t rows;
  std::int64_t channels;
};

/// Our models' norms, then those of ResNets, the last beyond all caches.
constexpr std::array kShapes = {
    Shape{64, 128},
    Shape{64, 64},
    Shape{256, 128},
    Shape{64, 512},
    Shape{64, 256},
    Shape{32, 128},
    Shape{32 * 26 * 26, 32},
    Shape{128 * 26 * 26, 32},
    Shape{128 * 32 * 32, 64},
    Shape{128 * 16 * 16, 128},
    Shape{128 * 8 * 8, 256},
    Shape{64 * 7 * 7, 2048},
    Shape{64 * 112 * 112, 64},
};

/// A normalization and what it keeps between its passes, as nn::BatchNorm does.
struct Norm {
  Workspace& workspace;
  std::int64_t rows;
  std::int64_t channels;
  Activation activation;
  bool training;
  std::vector<double> first = std::vector<double>(count());
  std::vector<double> second = std::vector<double>(count());
  std::vector<float> gamma = std::vector<float>(count(), 1.0f);
  std::vector<float> beta = std::vector<float>(count(), 0.125f);
  std::vector<float> mean = std::vector<float>(count());
  std::vector<float> inv_std = std::vector<float>(count(), 1.0f);
  std::vector<float> scale = std::vector<float>(count(), 1.0f);
  std::vector<float> dgamma_mean = std::vector<float>(count());
  std::vector<float> dbeta_mean = std::vector<float>(count());

  std::size_t count() const { return static_cast<std::size_t>(channels); }
  Matrix x() const { return workspace.matrix(kX, rows, channels); }
  Matrix y() const { return workspace.matrix(kY, rows, channels); }
  Matrix dy() const { return workspace.matrix(kDy, rows, channels); }

  void forward() {
    if (training) {
      kernels::moments(first, second, x());
      for (std::size_t c = 0; c < count(); ++c) {
        mean[c] = static_cast<float>(first[c]);
        inv_std[c] =
            static_cast<float>(1 / std::sqrt(second[c] / static_cast<double>(rows) + kEps));
        scale[c] = gamma[c] * inv_std[c];
      }
    }
    kernels::norm_forward(y(), x(), mean.data(), scale.data(), beta.data(), activation);
  }

  void backward() {
    const kernels::NormForward saved{x(),          y(),          mean.data(), inv_std.data(),
                                     scale.data(), gamma.data(), beta.data(), activation};
    kernels::norm_backward_reduce(first, second, dy(), saved);
    const double weight = training ? 1 / static_cast<double>(rows) : 0;
    for (std::size_t c = 0; c < count(); ++c) {
      dgamma_mean[c] = static_cast<float>(first[c] * weight);
      dbeta_mean[c] = static_cast<float>(second[c] * weight);
    }
    kernels::norm_backward_apply(dy(), dy(), saved, dbeta_mean.data(), dgamma_mean.data());
  }

  void fill() {
    workspace.fill(kX, rows * channels, 1);
    workspace.fill(kDy, rows * channels, 2);
  }
  reference::Statistics statistics(const Table& input) const {
    if (training) return reference::batch_statistics(input);
    const auto channel_count = static_cast<std::size_t>(input.channels);
    return {PerChannel(channel_count, 0), PerChannel(channel_count, 1 - kEps)};
  }
};

PerChannel constant(const Table& table, double value) {
  return PerChannel(static_cast<std::size_t>(table.channels), value);
}

Table expected_norm(const Norm& norm, const Table& x) {
  return reference::batch_norm_forward(x, norm.statistics(x), constant(x, 1), constant(x, 0.125),
                                       kEps);
}

void check_forward(const std::string& name, Norm& norm) {
  norm.fill();
  norm.forward();
  const auto inputs = checked_channels(norm.x());
  const auto outputs = checked_channels(norm.y());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Table normed = expected_norm(norm, Table(inputs[i]));
    expect_close(name, outputs[i], reference::activation_forward(normed, norm.activation));
  }
}

void check_backward(const std::string& name, Norm& norm) {
  norm.fill();
  norm.forward();
  std::vector<Table> expected;
  const auto inputs = checked_channels(norm.x());
  const auto gradients = checked_channels(norm.dy());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Table x(inputs[i]);
    const Table dn = reference::activation_backward(Table(gradients[i]), expected_norm(norm, x),
                                                    norm.activation);
    const auto backward =
        norm.training ? reference::batch_norm_backward_train : reference::batch_norm_backward_eval;
    expected.push_back(backward(dn, x, norm.statistics(x), constant(x, 1), kEps).dx);
  }
  norm.backward();
  for (std::size_t i = 0; i < inputs.size(); ++i) expect_close(name, gradients[i], expected[i]);
}

void add_norm(std::vector<KernelItem>& items, Workspace& workspace, const Shape& shape,
              Activation activation, bool training) {
  const auto norm =
      std::make_shared<Norm>(Norm{workspace, shape.rows, shape.channels, activation, training});
  const double bytes = static_cast<double>(shape.rows * shape.channels) * sizeof(float);
  const std::string end = std::string(training ? "train" : "eval") +
                          (activation.kind == ActivationKind::relu ? "_relu" : "");
  KernelItem forward{.name = "norm_forward_" + end,
                     .shape = shape_text(shape.rows, shape.channels),
                     .traffic = {{Mix::copy, 2 * bytes}},
                     .working_set = 2 * bytes};
  // Statistics must be known before they are applied.
  if (training) forward.traffic.push_back({Mix::read, bytes});
  forward.run = [norm] { norm->forward(); };
  forward.check = [norm, name = forward.name] { check_forward(name, *norm); };
  items.push_back(std::move(forward));

  // Both sums over x and dy, then both arrays again to make dx, which in evaluation does not wait
  // for the sums. Where a ReLU was open can be told from x.
  KernelItem backward{.name = "norm_backward_" + end,
                      .shape = shape_text(shape.rows, shape.channels),
                      .traffic = {{Mix::update, 3 * bytes}},
                      .working_set = 2 * bytes};
  if (training) backward.traffic.push_back({Mix::read, 2 * bytes});
  backward.run = [norm] { norm->backward(); };
  backward.check = [norm, name = backward.name] { check_backward(name, *norm); };
  items.push_back(std::move(backward));
}

}  // namespace

void add_norm_items(std::vector<KernelItem>& items, Workspace& workspace) {
  for (const Shape& shape : kShapes) {
    if (static_cast<std::size_t>(shape.rows * shape.channels) > workspace.size()) continue;
    for (const ActivationKind kind : {ActivationKind::identity, ActivationKind::relu}) {
      for (const bool training : {true, false}) {
        add_norm(items, workspace, shape, {kind}, training);
      }
    }
  }
}

}  // namespace normlab::bench
