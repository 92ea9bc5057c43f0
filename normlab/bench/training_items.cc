#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "normlab/base/philox.h"
#include "normlab/bench/kernel_item.h"
#include "normlab/data/image_bytes.h"
#include "normlab/kernels/gather.h"
#include "normlab/kernels/loss.h"
#include "normlab/kernels/optimizer.h"
#include "normlab/kernels/reference/gather.h"
#include "normlab/kernels/reference/loss.h"
#include "normlab/kernels/reference/optimizer.h"

namespace normlab::bench {
namespace {

std::vector<double> doubles(const float* values, std::size_t count) {
  return {values, values + count};
}

// Loss -------------------------------------------------------------------------------------------

void add_loss(std::vector<KernelItem>& items, Workspace& workspace, std::int64_t rows,
              std::int64_t classes) {
  const auto labels = std::make_shared<std::vector<Label>>(rows);
  for (std::size_t r = 0; r < labels->size(); ++r) {
    (*labels)[r] = static_cast<Label>(r * 7 % static_cast<std::size_t>(classes));
  }
  const Matrix logits = workspace.matrix(0, rows, classes);
  const Matrix gradient = workspace.matrix(1, rows, classes);
  const double bytes = static_cast<double>(rows * classes) * sizeof(float);
  KernelItem item{.name = "softmax_cross_entropy",
                  .shape = shape_text(rows, classes),
                  .traffic = {{Mix::copy, 2 * bytes}},
                  .working_set = 2 * bytes};
  item.run = [=] { kernels::softmax_cross_entropy(gradient, logits, *labels, 0, 0.5f); };
  item.check = [=, &workspace, run = item.run] {
    workspace.fill(0, rows * classes, 1);
    const auto count = static_cast<std::size_t>(rows * classes);
    std::vector<double> expected(count);
    reference::softmax_cross_entropy(expected, doubles(logits.data, count), *labels, 0, 0.5);
    run();
    expect_close("softmax_cross_entropy", {gradient.data, count}, expected);
  };
  items.push_back(std::move(item));
}

// Optimizers -------------------------------------------------------------------------------------

/// Weights, their gradient and two moments, one behind the other in the workspace's arrays.
struct Parameters {
  Workspace& workspace;
  std::size_t count;

  float* weights() const { return workspace.data(1); }
  float* gradient() const { return workspace.data(0); }
  float* first() const { return workspace.data(2); }
  float* second() const { return workspace.data(2) + count; }
  void fill() const {
    const auto floats = static_cast<std::int64_t>(count);
    workspace.fill(0, floats, 1);
    workspace.fill(1, floats, 2);
    workspace.fill(2, 2 * floats, 3);
    std::transform(second(), second() + count, second(), [](float v) { return v * v; });
  }
};

kernels::AdamStep adam_step(bool decoupled) {
  return {.lr = 1e-3f,
          .weight_decay = decoupled ? 0.01f : 0,
          .decoupled = decoupled,
          .correction1 = 0.5,
          .correction2 = 0.1};
}

using ReferenceStep = std::function<void(std::span<double>, std::span<double>, std::span<double>,
                                         std::span<const double>)>;

void add_optimizer(std::vector<KernelItem>& items, const Parameters& p, const std::string& name,
                   double arrays_read, double arrays_written, const std::function<void()>& run,
                   const ReferenceStep& reference_step) {
  const double bytes = static_cast<double>(p.count * sizeof(float));
  KernelItem item{.name = name,
                  .shape = fmt::format("{}", p.count),
                  .traffic = {{Mix::update, (arrays_read + arrays_written) * bytes}},
                  .working_set = arrays_read * bytes};
  item.run = run;
  item.check = [=] {
    p.fill();
    std::vector<double> weights = doubles(p.weights(), p.count);
    std::vector<double> first = doubles(p.first(), p.count);
    std::vector<double> second = doubles(p.second(), p.count);
    reference_step(weights, first, second, doubles(p.gradient(), p.count));
    run();
    expect_close(name, {p.weights(), p.count}, weights);
  };
  items.push_back(std::move(item));
}

void add_optimizers(std::vector<KernelItem>& items, const Parameters& p) {
  using Span = std::span<double>;
  using ConstSpan = std::span<const double>;
  for (const float momentum : {0.0f, 0.9f}) {
    const kernels::SgdStep step{.lr = 1e-3f, .momentum = momentum};
    const double velocity = momentum > 0 ? 1 : 0;
    add_optimizer(
        items, p, momentum > 0 ? "sgd_momentum" : "sgd", 2 + velocity, 1 + velocity,
        [=] { kernels::sgd_step(p.weights(), p.first(), p.gradient(), p.count, step); },
        [=](Span weights, Span first, Span, ConstSpan gradient) {
          reference::sgd_step(weights, first, gradient, step);
        });
  }
  for (const bool decoupled : {false, true}) {
    const kernels::AdamStep step = adam_step(decoupled);
    add_optimizer(
        items, p, decoupled ? "adamw" : "adam", 4, 3,
        [=] {
          kernels::adam_step(p.weights(), p.first(), p.second(), p.gradient(), p.count, step);
        },
        [=](Span weights, Span first, Span second, ConstSpan gradient) {
          reference::adam_step(weights, first, second, gradient, step);
        });
  }
}

// Gather -----------------------------------------------------------------------------------------

/// As many images as MNIST trains on, picked from at random.
struct Images {
  static constexpr std::int64_t kCount = 60'000;
  std::int64_t size;
  ImageBytes pixels = ImageBytes(static_cast<std::size_t>(kCount * size));
  std::vector<float> scale = std::vector<float>(static_cast<std::size_t>(size), 2 / 255.0f);
  std::vector<float> shift = std::vector<float>(static_cast<std::size_t>(size), -1.0f);
  std::vector<std::uint32_t> order = std::vector<std::uint32_t>(kCount);
  std::size_t next = 0;

  explicit Images(std::int64_t image_size) : size(image_size) {
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      pixels[i] = static_cast<std::uint8_t>(i * 2654435761u >> 13);
    }
    std::iota(order.begin(), order.end(), 0u);
    shuffle(order, Philox(1, Purpose::test, 0));
  }
  /// The next batch of an endless run of epochs.
  std::span<const std::uint32_t> batch(std::size_t count) {
    if (next + count > order.size()) next = 0;
    next += count;
    return std::span(order).subspan(next - count, count);
  }
};

void add_gather(std::vector<KernelItem>& items, Workspace& workspace,
                const std::shared_ptr<Images>& images, std::int64_t batch) {
  const Matrix out = workspace.matrix(1, batch, images->size);
  const auto count = static_cast<std::size_t>(batch);
  const auto run_on = [=](std::span<const std::uint32_t> indices) {
    kernels::gather_scale(out, images->pixels.data(), indices, images->scale.data(),
                          images->shift.data());
  };
  const double floats = static_cast<double>(batch * images->size);
  KernelItem item{.name = "gather_scale",
                  .shape = shape_text(batch, images->size),
                  .traffic = {{Mix::read, floats}, {Mix::write, floats * sizeof(float)}},
                  // What it writes; the images lie farther away than that.
                  .working_set = floats * sizeof(float)};
  item.run = [=] { run_on(images->batch(count)); };
  item.check = [=] {
    const auto indices = images->batch(count);
    std::vector<double> expected(static_cast<std::size_t>(batch * images->size));
    reference::gather_scale(expected, images->pixels, indices, images->scale, images->shift);
    run_on(indices);
    expect_close("gather_scale", {out.data, expected.size()}, expected);
  };
  items.push_back(std::move(item));
}

}  // namespace

void add_training_items(std::vector<KernelItem>& items, Workspace& workspace) {
  for (const auto& [rows, classes] :
       {std::pair(32, 10), std::pair(64, 10), std::pair(256, 10), std::pair(64, 100)}) {
    add_loss(items, workspace, rows, classes);
  }
  // mlp-128-64, mlp-512-256, cnn-32 and ResNet-50.
  for (const std::size_t count : {109'770u, 537'354u, 694'346u, 25'557'032u}) {
    if (2 * count <= workspace.size()) add_optimizers(items, {workspace, count});
  }
  const auto images = std::make_shared<Images>(28 * 28);
  for (const std::int64_t batch : {32, 64, 256}) add_gather(items, workspace, images, batch);
}

}  // namespace normlab::bench
